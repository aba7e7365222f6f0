// The rich-text editor of the report: only what the report can print. It takes over each <textarea data-prose>.
// It is our own preset of django-prose-editor: a French toolbar, a footnote, no style injected (strict CSP).

import {
  Bold, BulletList, Document, Dropcursor, Editor, Extension, Gapcursor, HardBreak, History, Italic, ListItem, Menu,
  Node, OrderedList, Paragraph, Superscript, Text, createMenuFromGroups, updateAttrsDialog,
} from "django-prose-editor/editor"

const askNote = updateAttrsDialog(
  { note: { title: "Texte de la note", format: "textarea" } },
  { title: "Note de bas de page", submitText: "Enregistrer la note" },
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

const TOOLS = [
  ["marks", "bold", "format_bold", "Gras", (chain) => chain.toggleBold()],
  ["marks", "italic", "format_italic", "Italique", (chain) => chain.toggleItalic()],
  ["marks", "superscript", "superscript", "Exposant", (chain) => chain.toggleSuperscript()],
  ["lists", "bulletList", "format_list_bulleted", "Liste à puces", (chain) => chain.toggleBulletList()],
  ["lists", "orderedList", "format_list_numbered", "Liste numérotée", (chain) => chain.toggleOrderedList()],
  ["notes", "footnote", "note_add", "Note de bas de page", (chain) => chain.editFootnote()],
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
  OrderedList.configure({ enableListAttributes: false }), ListItem, History, Dropcursor, Gapcursor, Footnote,
  Menu.configure({
    defaultItems: false,
    items: createMenuFromGroups(["marks", "lists", "notes", "history"].map((group) => ({ group }))),
  }),
  Toolbar,
]

function takeOver(textarea) {
  const element = document.createElement("div")
  element.className = "prose-editor"
  textarea.before(element)
  element.append(textarea)
  const label = document.querySelector(`label[for="${textarea.id}"]`)
  return new Editor({
    element,
    extensions: EXTENSIONS,
    content: textarea.value,
    injectCSS: false,
    autofocus: "end",
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id, class: "prose" },
    },
    onUpdate: ({ editor }) => {
      textarea.value = editor.isEmpty ? "" : editor.getHTML()
    },
  })
}

function takeOverAll(root) {
  for (const textarea of root.querySelectorAll("textarea[data-prose]")) {
    if (!textarea.closest(".prose-editor")) takeOver(textarea)
  }
}

takeOverAll(document)
document.addEventListener("htmx:load", (event) => takeOverAll(event.detail.elt))
