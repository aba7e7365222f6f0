"""Import of an association's own spreadsheet: which column is what, what would change, all or nothing.

This file knows no register. A register declares, in its `imports.py`:

    REFERRALS = Importer(
        key="bail_dabord.referrals",
        label="candidatures",
        fields=(
            Field("received_on", "Reçue le", parsers.day, required=True, words=("date de la candidature",)),
            Field("service", "Service orienteur", parsers.text(120), required=True, words=("adressé par",)),
            Field("status", "Suite donnée", parsers.choice(Status, {"refusée": Status.DECLINED})),
        ),
        compare=compare_referrals,
        save=save_referrals,
        url="bail_dabord:referrals_import",  # the names of the addresses, see import_views.py
        done_url="bail_dabord:referrals",
    )

`compare([values, …], territory=…, organisation=…)` says what each row meets: None (it is new), the {field: value} of
the row that it changes, or a `Fault` (« this code is not one of yours »). `values` is {field: value}: a column that the
file does not have is not in it, a cell that is empty is None.

`save([Line, …], territory=…, organisation=…, by=…)` writes the new and changed lines, in the transaction it is called
in; ValidationError or `Faults` takes everything back.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction

from logement import audit
from logement.access import acting_for
from logement.locking import Conflict
from logement.models import ColumnMapping, PendingImport
from logement.parsers import folded, shown
from logement.personal_data import looks_like_a_person
from logement.roles import Permission
from logement.spreadsheets import Table, dump, load

#: What a heading says when its column names people: such a column is let go as soon as it is read.
IDENTITY = set(
    "nom noms prenom prenoms patronyme identite civilite naissance nee ddn nationalite adresse rue telephone tel "
    "portable mobile mail email courriel nir secu sante pathologie handicap maladie traitement religion ethnique "
    "allocataire caf iban rib agdref".split()
)
ALIKE = 0.84  # how near a heading must be of a label to be proposed
LONGEST = ColumnMapping._meta.get_field("heading").max_length


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a register. `parse`: see parsers.py. `words`: other headings that mean it. `is_free`: a text that
    anybody may write, in which people must not be named."""

    name: str
    label: str
    parse: Callable
    required: bool = False
    words: tuple[str, ...] = ()
    is_free: bool = False

    @property
    def terms(self):
        return [folded(term) for term in (self.label, *self.words)]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line; `field` says in which column, "" when it is the line as a whole."""

    field: str
    sentence: str


class Faults(Exception):
    """Raised by `save`: {number of the line: [Fault, …]}."""

    def __init__(self, by_line):
        super().__init__("Des lignes sont refusées.")
        self.by_line = by_line


def write_each(lines, write):
    """Calls `write(line)` for each line of a `save`; all that they refuse is told together, line by line."""
    refused = {}
    for line in lines:
        try:
            write(line)
        except ValidationError as error:
            refused[line.number] = [Fault("", sentence) for sentence in error.messages]
        except Conflict:
            refused[line.number] = [
                Fault("", "Quelqu'un vient de modifier cette ligne du registre : relisez l'aperçu.")
            ]
    if refused:
        raise Faults(refused)


def nothing_to_check(values):
    return ()


def may_edit(user, territory):
    """The organisations in whose name `user` edits the registers of this territory."""
    return acting_for(user, Permission.EDIT_OWN_REGISTERS, territory)


@dataclass(frozen=True, slots=True)
class Importer:
    """What the import needs of a register: see the top of this file.

    `check(values)` gives the `Fault`s of a line by itself (dates that cross). `unique`: the fields that two lines of a
    file may not share, when they are filled. `keepers(user, territory)` gives, as a QuerySet, the organisations in
    whose name the user keeps this register there; to whoever has none, the pages do not exist (404).
    """

    key: str
    label: str
    fields: tuple[Field, ...]
    compare: Callable
    save: Callable
    url: str
    done_url: str
    check: Callable[[Mapping], tuple[Fault, ...]] = nothing_to_check
    unique: tuple[str, ...] = ()
    keepers: Callable = may_edit

    def field(self, name):
        return next(found for found in self.fields if found.name == name)


@dataclass(slots=True)
class Line:
    """A row of the file: its values, the row of the register that it changes (None: new), what is wrong or doubtful."""

    number: int
    values: dict
    before: dict | None = None
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def changes(self):
        """[(field, value before, value after)]"""
        before = self.before or {}
        return [(n, before.get(n), v) for n, v in self.values.items() if before.get(n) != v]

    @property
    def state(self):
        if self.faults:
            return "faulty"
        if self.before is None:
            return "new"
        return "changed" if self.changes else "same"


@dataclass(frozen=True)
class Preview:
    """What the import would do. `mapping`: {rank of a heading: field, or "" when it is left out}."""

    importer: Importer
    table: Table
    mapping: dict[int, str]
    lines: list[Line]
    missing: list[Field]

    @cached_property
    def counts(self):
        return Counter(line.state for line in self.lines)

    @property
    def is_ready(self):
        """All or nothing: no fault anywhere, and something to write."""
        return (
            not self.missing
            and not self.counts["faulty"]
            and bool(self.counts["new"] + self.counts["changed"])
        )

    @property
    def seen(self):
        """A fingerprint of what the preview shows: what is confirmed is what was seen."""
        text = repr([(line.number, line.before, line.values, line.faults) for line in self.lines])
        return sha256(text.encode()).hexdigest()

    def told(self, faults_or_warnings):
        """[(number, address of the cell or "", label, sentence)], line after line."""
        ranks = {name: rank for rank, name in self.mapping.items() if name}
        rows = {row.number: row for row in self.table.rows}
        return [
            (
                line.number,
                self.table.address(rows[line.number], ranks[fault.field]) if fault.field in ranks else "",
                self.importer.field(fault.field).label if fault.field else "",
                fault.sentence,
            )
            for line in self.lines
            for fault in getattr(line, faults_or_warnings)
        ]


# --- Columns ---


def propose(importer, table, remembered):
    """{rank: field name or ""}: what was remembered of each heading, else the nearest field, each field once."""
    mapping = {}
    for rank, heading in enumerate(table.headings):
        known = remembered.get(key_of(heading.text))
        if known is not None and known not in mapping.values():
            mapping[rank] = known
    scores = sorted(
        (
            (likeness(wanted, heading.text), -rank, wanted.name)
            for rank, heading in enumerate(table.headings)
            if rank not in mapping
            for wanted in importer.fields
        ),
        reverse=True,
    )
    for score, rank, name in scores:
        if score >= ALIKE and -rank not in mapping and name not in mapping.values():
            mapping[-rank] = name
    return {rank: mapping.get(rank, "") for rank in range(len(table.headings))}


def key_of(heading):
    """A heading as it is remembered."""
    return folded(heading)[:LONGEST]


def likeness(found, heading):
    """From 0 to 1: how a heading looks like the label or one of the words of a field."""
    heading = folded(heading)
    ratios = (SequenceMatcher(None, heading, term, autojunk=False).ratio() for term in found.terms)
    return max(ratios, default=0)


def remembered_by(organisation, importer):
    return dict(
        ColumnMapping.objects.filter(organisation=organisation, register=importer.key).values_list(
            "heading", "field"
        )
    )


def remember(organisation, importer, table, mapping):
    ColumnMapping.objects.bulk_create(
        {
            key_of(table.headings[rank].text): ColumnMapping(
                organisation=organisation,
                register=importer.key,
                heading=key_of(table.headings[rank].text),
                field=name,
            )
            for rank, name in mapping.items()
        }.values(),
        update_conflicts=True,
        unique_fields=["organisation", "register", "heading"],
        update_fields=["field"],
    )


def names_people(table, rank):
    """Whether a column looks like an identity, by its heading or by what it holds."""
    if IDENTITY & set(folded(table.headings[rank].text).split()):
        return True
    return any(
        isinstance(row.values[rank], str) and looks_like_a_person(row.values[rank]) for row in table.rows
    )


# --- The two steps ---


def hold(importer, table, *, territory, organisation, by):
    """First step: keeps the table for a moment, without the columns that name people and that the register lacks."""
    proposed = propose(importer, table, remembered_by(organisation, importer))
    dropped = [rank for rank, name in proposed.items() if not name and names_people(table, rank)]
    kept = [rank for rank in proposed if rank not in dropped]
    return PendingImport.objects.create(
        register=importer.key,
        territory=territory,
        organisation=organisation,
        created_by=by,
        content=dump(table.keeping(kept)),
        dropped=[table.headings[rank].text for rank in dropped],
    )


def choose_columns(importer, pending, mapping):
    """The person said which column is what: it is remembered, and columns left out leave the pending row."""
    table = load(pending.content)
    remember(pending.organisation, importer, table, mapping)
    kept = [rank for rank, name in mapping.items() if name]
    if kept:
        pending.content = dump(table.keeping(kept))
        pending.save(update_fields=["content"])


def preview(importer, pending):
    """What the pending import would do now."""
    table = load(pending.content)
    mapping = propose(importer, table, remembered_by(pending.organisation, importer))
    used = {rank: importer.field(name) for rank, name in mapping.items() if name}
    missing = [wanted for wanted in importer.fields if wanted.required and wanted not in used.values()]
    lines = [] if missing else [parsed(row, used, importer) for row in table.rows]
    refuse_repeats(importer, lines)
    whole = [line for line in lines if not line.faults]
    found = importer.compare(
        [line.values for line in whole], territory=pending.territory, organisation=pending.organisation
    )
    for line, met in zip(whole, found, strict=True):
        if isinstance(met, Fault):
            line.faults.append(met)
        else:
            line.before = met
    return Preview(importer, table, mapping, lines, missing)


def parsed(row, used, importer):
    line = Line(row.number, {})
    for rank, wanted in used.items():
        value = row.values[rank]
        if value is None:
            line.values[wanted.name] = None
            if wanted.required:
                line.faults.append(Fault(wanted.name, f"« {wanted.label} » est vide : complétez la cellule."))
            continue
        try:
            line.values[wanted.name] = wanted.parse(value)
        except ValueError as error:
            line.faults.append(Fault(wanted.name, str(error)))
        if wanted.is_free and looks_like_a_person(shown(value)):
            line.warnings.append(Fault(wanted.name, "Ce texte semble désigner une personne : relisez-le."))
    if not line.faults:
        line.faults.extend(importer.check(line.values))
    return line


def refuse_repeats(importer, lines):
    """Two lines of the file that share what must be unique: the second one is refused."""
    first = {}
    for line in lines:
        shared = tuple(line.values.get(name) for name in importer.unique)
        if not any(shared):
            continue
        if shared in first:
            sentence = f"« {', '.join(map(shown, shared))} » est déjà à la ligne {first[shared]} du fichier."
            line.faults.append(Fault(importer.unique[0], sentence))
        first.setdefault(shared, line.number)


@transaction.atomic
def confirm(importer, pending, *, by, seen):
    """Second step: writes everything, or nothing. Gives (preview, whether it was written).

    It is not when the preview is no longer the one that was `seen`, or has faults: show it again.
    """
    found = preview(importer, pending)
    if not found.is_ready or found.seen != seen:
        return found, False
    lines = [line for line in found.lines if line.state in {"new", "changed"}]
    try:
        with transaction.atomic():
            importer.save(lines, territory=pending.territory, organisation=pending.organisation, by=by)
    except Faults as refused:
        for line in found.lines:
            line.faults.extend(refused.by_line.get(line.number, ()))
        return found, False
    remember(pending.organisation, importer, found.table, found.mapping)
    audit.record(
        by=by,
        act="Import dans un registre",
        about=importer.label,
        territory=pending.territory,
        detail=f"{pending.organisation} : {found.counts['new']} ajoutées, {found.counts['changed']} modifiées",
    )
    pending.delete()
    return found, True


def forget_expired():
    """Deletes the imports that nobody confirmed. Gives how many."""
    return PendingImport.objects.expired().delete()[0]
