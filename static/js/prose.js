// The rich-text editor of the report: only what the report can print. It takes over each <textarea data-prose>.
// It is our own preset of django-prose-editor: a French toolbar, a footnote, no style injected (strict CSP).

import {
  Bold, BulletList, Document, Dropcursor, Editor, Extension, Gapcursor, HardBreak, History, Italic, ListItem, Menu,
  Node, OrderedList, Paragraph, Superscript, Text, createMenuFromGroups, updateAttrsDialog,
} from "django-prose-editor/editor"
import { askFigure } from "./cite.js"

const addressOf = (editor) => editor.view.dom.closest(".prose-editor").querySelector("textarea").dataset.cite

// A note is typed in the light markup: a figure goes there as such, where the caret is.
async function citeInNote(form, editor) {
  const { note } = form
  const figure = await askFigure(addressOf(editor))
  note.focus()
  if (!figure) return
  note.setRangeText(figure.markup, note.selectionStart, note.selectionEnd, "end")
  note.dispatchEvent(new InputEvent("input", { bubbles: true }))
}

const askNote = updateAttrsDialog(
  { note: { title: "Texte de la note", format: "textarea" } },
  {
    title: "Note de bas de page",
    submitText: "Enregistrer la note",
    actions: [{ text: "Insérer un chiffre", handler: (values, form, editor) => citeInNote(form, editor) }],
  },
)

// A footnote is an atom where it is called; its text is an attribute, as logement/richtext.py stores it.
const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes() {
    return {
      note: {
        default: "",
        parseHTML: (element) => element.dataset.note,
        renderHTML: ({ note }) => ({ "data-note": note, title: note }),
      },
    }
  },
  parseHTML: () => [{ tag: "span[data-note]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes],
  addCommands() {
    return {
      editFootnote: () => ({ editor }) => {
        const attributes = editor.isActive("footnote") ? editor.getAttributes("footnote") : { note: "" }
        askNote(editor, attributes).then((answer) => {
          const note = answer?.note.trim()
          if (note) editor.chain().focus().insertContent({ type: "footnote", attrs: { note } }).run()
        })
        return true
      },
    }
  },
})

// A figure is an atom too: which figure and its form (`ref`), and the words that it prints, which the server settles.
const Reference = Node.create({
  name: "reference",
  priority: 1000, // its Enter comes before those of the paragraph and of the lists
  group: "inline",
  inline: true,
  atom: true,
  addAttributes() {
    return {
      ref: {
        default: "",
        parseHTML: (element) => element.dataset.ref,
        renderHTML: ({ ref }) => ({ "data-ref": ref, title: `Chiffre ${ref} : Entrée ou double clic pour le changer` }),
      },
      words: { default: "", parseHTML: (element) => element.textContent, renderHTML: () => ({}) },
    }
  },
  parseHTML: () => [{ tag: "[data-ref]" }],
  renderHTML: ({ node, HTMLAttributes }) => ["span", HTMLAttributes, node.attrs.words || node.attrs.ref],
  renderText: ({ node }) => node.attrs.words,
  addCommands() {
    return {
      editReference: () => ({ editor }) => {
        citeInText(editor)
        return true
      },
    }
  },
  addKeyboardShortcuts() {
    return { Enter: ({ editor }) => Boolean(chosenReference(editor)) && editor.commands.editReference() }
  },
})

const chosenReference = ({ state }) => state.selection.node?.type.name === "reference" ? state.selection.node : null

async function citeInText(editor) {
  const chosen = chosenReference(editor)
  const figure = await askFigure(addressOf(editor), chosen?.attrs.ref)
  const chain = editor.chain().focus()
  if (!figure) {
    chain.run()
    return
  }
  const { ref, words } = figure
  if (chosen) {
    chain.updateAttributes("reference", { ref, words }).run()
  } else {
    const marks = (editor.state.storedMarks ?? editor.state.selection.$from.marks()).map((mark) => mark.toJSON())
    chain.insertContent({ type: "reference", attrs: { ref, words }, marks }).run()
  }
}

const TOOLS = [
  ["marks", "bold", "format_bold", "Gras", (chain) => chain.toggleBold()],
  ["marks", "italic", "format_italic", "Italique", (chain) => chain.toggleItalic()],
  ["marks", "superscript", "superscript", "Exposant", (chain) => chain.toggleSuperscript()],
  ["lists", "bulletList", "format_list_bulleted", "Liste à puces", (chain) => chain.toggleBulletList()],
  ["lists", "orderedList", "format_list_numbered", "Liste numérotée", (chain) => chain.toggleOrderedList()],
  ["notes", "footnote", "note_add", "Note de bas de page", (chain) => chain.editFootnote()],
  ["notes", "reference", "pin", "Insérer un chiffre", (chain) => chain.editReference()],
  ["history", "undo", "undo", "Annuler la dernière frappe", (chain) => chain.undo()],
  ["history", "redo", "redo", "Rétablir", (chain) => chain.redo()],
]

// Stands after Menu in the list, so that the bar exists when this one is created.
const Toolbar = Extension.create({
  name: "toolbar",
  onCreate({ editor }) {
    const bar = editor.view.dom.previousElementSibling
    bar.setAttribute("role", "toolbar")
    bar.setAttribute("aria-label", "Mise en forme")
  },
  addMenuItems({ buttons, menu }) {
    for (const [groups, name, icon, title, command] of TOOLS) {
      const button = buttons.material(icon, title)
      menu.defineItem({
        name,
        groups,
        button,
        command: (editor) => command(editor.chain().focus()).run(),
        active: (editor) => groups !== "history" && editor.isActive(name),
        update: (editor) => {
          if (groups !== "history") button.setAttribute("aria-pressed", editor.isActive(name))
        },
      })
    }
  },
})

const EXTENSIONS = [
  Document, Paragraph, Text, HardBreak, Bold, Italic, Superscript, BulletList,
  OrderedList.configure({ enableListAttributes: false }), ListItem, History, Dropcursor, Gapcursor, Footnote, Reference,
  Menu.configure({
    defaultItems: false,
    items: createMenuFromGroups(["marks", "lists", "notes", "history"].map((group) => ({ group }))),
  }),
  Toolbar,
]

// A paste made plain before the editor reads it: no styles, which the page's policy would report even of a document
// that is never shown; and the lists of Word, paragraphs that begin with a drawn mark, made lists.
function plainPaste(html) {
  const unstyled = html
    .replace(/<style\b[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-word="))
  const pasted = new DOMParser().parseFromString(unstyled, "text/html")
  makeWordLists(pasted)
  for (const mark of pasted.querySelectorAll("mark.stale")) mark.remove() // what a page says of a figure is no text
  return pasted.body.innerHTML
}

function makeWordLists(pasted) {
  let open = [] // the lists around the last item, outermost first
  for (const paragraph of pasted.querySelectorAll("p[class*='MsoListParagraph']")) {
    const mark = paragraph.querySelector("[data-word*='mso-list:Ignore' i]")
    if (!mark) continue
    const tag = /^\s*\w+[.)]/.test(mark.textContent) ? "OL" : "UL"
    mark.remove()
    if (paragraph.previousElementSibling !== open[0]) open = []
    const level = Number(/\blevel([1-9])/.exec(paragraph.dataset.word)?.[1] ?? 1)
    const depth = Math.min(level, open.length + 1)
    open.length = open[depth - 1]?.tagName === tag ? depth : depth - 1
    if (open.length < depth) {
      const list = pasted.createElement(tag)
      if (depth > 1) open.at(-1).lastElementChild.append(list)
      else paragraph.before(list)
      open.push(list)
    }
    const item = pasted.createElement("li")
    item.append(paragraph)
    open.at(-1).append(item)
  }
}

function takeOver(textarea) {
  const element = document.createElement("div")
  element.className = "prose-editor"
  textarea.before(element)
  element.append(textarea)
  const label = document.querySelector(`label[for="${textarea.id}"]`)
  const editor = new Editor({
    element,
    extensions: EXTENSIONS,
    content: textarea.value,
    injectCSS: false,
    autofocus: "end",
    editorProps: {
      transformPastedHTML: plainPaste,
      handleDoubleClickOn(view, pos, node) {
        if (node.type.name === "reference") editor.commands.editReference()
        return node.type.name === "reference"
      },
      attributes: { role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id, class: "prose" },
    },
    onUpdate: ({ editor }) => {
      textarea.value = editor.isEmpty ? "" : editor.getHTML()
      textarea.dispatchEvent(new Event("input", { bubbles: true })) // a tool of the bar types nothing
    },
  })
  textarea.addEventListener("putback", () => editor.commands.setContent(textarea.value, { emitUpdate: false }))
  return editor
}

function takeOverAll(root) {
  for (const textarea of root.querySelectorAll("textarea[data-prose]")) {
    if (!textarea.closest(".prose-editor")) takeOver(textarea)
  }
}

takeOverAll(document)
document.addEventListener("htmx:load", (event) => takeOverAll(event.detail.elt))
