// The finder of figures, in a dialog: its words and choices come from the server, one fragment at each change.
// `askFigure(address, ref)` gives { ref, words, markup } of the figure chosen, or null.

const WAIT = 250 // milliseconds without a key before the words are looked for
const SILENT = "Les chiffres ne répondent pas. Vérifiez le réseau ou, dans un autre onglet, votre session ; puis recommencez."

const SKELETON = `
  <form class="finder" method="dialog">
    <h2 id="finder-title">Citer un chiffre</h2>
    <div data-fragment></div>
    <p class="errorlist" role="alert"></p>
    <p class="visually-hidden" role="status"></p>
    <div class="form-actions">
      <button class="btn btn-primary" type="submit" name="inserer">Insérer</button>
      <button class="btn btn-quiet" type="button" data-cancel>Annuler</button>
    </div>
  </form>`

export function askFigure(address, ref = "") {
  const dialog = document.createElement("dialog")
  dialog.className = "finder-dialog"
  dialog.setAttribute("aria-labelledby", "finder-title")
  dialog.innerHTML = SKELETON
  document.body.append(dialog)
  const finder = new Finder(dialog, new URL(address, window.location.href))
  dialog.showModal()
  finder.open(ref)
  return finder.answer
}

class Finder {
  constructor(dialog, address) {
    this.dialog = dialog
    this.address = address
    this.form = dialog.querySelector("form")
    this.place = dialog.querySelector("[data-fragment]")
    this.insert = dialog.querySelector("[name='inserer']")
    this.alert = dialog.querySelector("[role='alert']")
    this.status = dialog.querySelector("[role='status']")
    this.answer = new Promise((resolve) => {
      this.resolve = resolve
    })
    this.form.addEventListener("input", (event) => this.onInput(event))
    this.form.addEventListener("submit", (event) => this.onSubmit(event))
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close())
    dialog.addEventListener("close", () => this.end(null))
  }

  get choice() {
    return this.place.querySelector("[data-markup]")?.dataset ?? null
  }

  async open(ref) {
    const asked = new URL(this.address)
    if (ref) asked.searchParams.set("chiffre-ref", ref)
    this.insert.disabled = true
    this.insert.textContent = ref ? "Remplacer" : "Insérer"
    const fragment = await this.fetch(asked)
    if (!fragment) return
    this.place.replaceChildren(...fragment.childNodes)
    this.shown()
    this.form.querySelector(ref ? "[name='chiffre-code']:checked" : "[type='search']")?.focus()
  }

  onInput(event) {
    clearTimeout(this.timer)
    this.abort?.abort()
    this.isLate = true // what is shown is not yet that of what is asked
    const wait = event.target.type === "search" ? WAIT : 0
    this.timer = setTimeout(() => this.refresh(), wait)
  }

  // Enter in the words goes to what they found; anywhere else it inserts.
  async onSubmit(event) {
    event.preventDefault()
    const { submitter } = event
    if (submitter?.name === "chiffre-serie") {
      this.refresh(submitter)
    } else if (document.activeElement.type === "search") {
      await this.refresh()
      this.place.querySelector("[name='chiffre-code']:checked, [name='chiffre-code']")?.focus()
    } else {
      if (this.isLate) await this.refresh()
      if (this.choice && !this.isLate) this.end({ ...this.choice })
    }
  }

  // What had the keyboard may have been replaced: it goes to the same choice, else to the figure chosen.
  async refresh(submitter = null) {
    clearTimeout(this.timer)
    const asked = new URL(this.address)
    asked.search = new URLSearchParams(new FormData(this.form, submitter))
    const fragment = await this.fetch(asked)
    if (!fragment) return
    const { id } = document.activeElement
    this.place.querySelector(".finder-results").replaceWith(fragment.querySelector(".finder-results"))
    this.shown()
    if (this.dialog.contains(document.activeElement)) return
    const same = id && this.form.querySelector(`#${CSS.escape(id)}`)
    const wanted = same || this.place.querySelector("[name='chiffre-code']:checked")
    wanted?.focus()
  }

  // The fragment asked for last, or null: an older answer that comes late says nothing any more.
  async fetch(address) {
    this.abort?.abort()
    this.abort = new AbortController()
    this.alert.textContent = ""
    try {
      const response = await fetch(address, { headers: { "HX-Request": "true" }, signal: this.abort.signal })
      if (!response.ok || response.redirected) throw new TypeError(response.statusText)
      return document.createRange().createContextualFragment(await response.text())
    } catch (error) {
      if (error.name === "AbortError") return null
      if (!(error instanceof TypeError)) throw error
      this.alert.textContent = SILENT
      return null
    }
  }

  shown() {
    this.isLate = false
    this.insert.disabled = !this.choice
    const count = this.place.querySelectorAll("[name='chiffre-code']").length
    const words = this.choice ? `S'écrira : ${this.choice.words}` : ""
    this.status.textContent = `${count} chiffre${count > 1 ? "s" : ""}. ${words}`
  }

  end(answer) {
    clearTimeout(this.timer)
    this.abort?.abort()
    this.resolve(answer)
    this.dialog.remove()
  }
}
