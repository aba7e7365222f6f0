"""The acts on the plan: one plain function each, keyword-only, atomic: check, change, record."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from axes import citations
from axes.collection import answers_over
from axes.models import Action, Entry, Gathering, GatheringKind, Indicator, Line, SeriesBreak, TextBlock, Year
from axes.values import refusals
from logement import audit
from logement.locking import Conflict, save_version
from logement.text import clean_rich, clean_text


def check_open(year):
    """Locks the exercise against a simultaneous closing, and refuses to write in one that was sent."""
    if not Year.objects.select_for_update(of=("self",)).get(pk=year.pk).is_open:
        raise ValidationError("Cet exercice a été transmis : rouvrez-le pour le modifier.")


@transaction.atomic
def save_text(*, text, version, content, by):
    """Saves a narrative block or a cell read at `version` (0: never written). Raises Conflict.

    A text that already reads so is saved, whatever the version: a form sent twice conflicts with nobody. A figure that
    leads nowhere raises ValueError with a sentence.
    """
    check_open(text.year)
    content, found = citations.settle(clean_rich(content), year=text.year, previous=text.content)
    is_same = text.pk and content == text.content and version == text.version
    if is_same and not text.is_to_reread:
        return text
    try:
        if version == 0:
            saved = create_text(text, content=content, by=by)
        else:
            saved = save_version(
                text,
                version=version,
                by=by,
                content=content,
                is_to_reread=False,
                updated_at=timezone.now(),
                updated_by=by,
            )
    except Conflict as conflict:
        if conflict.current is None or conflict.current.content != content:
            raise
        return conflict.current
    citations.record(saved, found)
    return saved


def create_text(text, *, content, by):
    """Writes a text for the first time; the database keeps the first of two writers, the other gets Conflict."""
    text.content, text.updated_at, text.updated_by, text._history_user = content, timezone.now(), by, by
    text.version = 1
    try:
        with transaction.atomic():
            text.pk = None
            text.save(force_insert=True)
    except IntegrityError as error:
        place = (
            {"block": text.block_id} if text.block_id else {"line": text.line_id, "column": text.column_id}
        )
        raise Conflict(TextBlock.objects.filter(**place).first()) from error
    return text


@transaction.atomic
def save_state(*, line, version, state, inflection, reason, by):
    """Sets the state of a line, its agreement and its reason."""
    check_open(line.year)
    return save_version(
        line, version=version, by=by, state=state, inflection=inflection, state_reason=clean_text(reason)
    )


@transaction.atomic
def save_title(*, line, version, title, by):
    """Renames the line of this exercise; the lasting action follows while this is its only exercise."""
    check_open(line.year)
    saved = save_version(line, version=version, by=by, title=clean_text(title))
    if not Line.objects.filter(action=line.action_id).exclude(pk=line.pk).exists():
        Action.objects.filter(pk=line.action_id).update(label=saved.title)
    return saved


@transaction.atomic
def save_people(*, line, version, lead, partners, by):
    """Sets who leads a line and who takes part."""
    check_open(line.year)
    saved = save_version(line, version=version, by=by, lead=lead)
    saved.partners.set(partners)
    return saved


@transaction.atomic
def add_line(*, year, axis, title, by):
    """Adds an action to an axis, last of its table; a form sent twice adds one."""
    check_open(year)
    title = clean_text(title)
    if twin := Line.objects.filter(year=year, axis=axis, title=title).first():
        return twin
    action = Action.objects.create(axis=axis, label=title)
    last = Line.objects.filter(year=year, axis=axis).aggregate(last=Max("position"))["last"]
    line = Line(action=action, axis=axis, year=year, title=action.label, position=(last or 0) + 1)
    line._history_user = by
    line.save()
    audit.record(by=by, act="Ajout d'une action", about=line, territory=year.territory)
    return line


def move_actions(lines, year):
    """The actions of the new lines of an exercise are of their axes now, unless a later exercise has them elsewhere."""
    lines = list(lines)
    known = Line.objects.filter(action__in=[line.action_id for line in lines])
    later = set(known.filter(year__number__gt=year.number).values_list("action", flat=True))
    moved = [Action(pk=line.action_id, axis_id=line.axis_id) for line in lines if line.action_id not in later]
    Action.objects.bulk_update(moved, ["axis"])


@transaction.atomic
def remove_line(*, line, version, by):
    """Removes a line read at `version`; its lasting action stays while other exercises or indicators need it."""
    check_open(line.year)
    current = Line.objects.select_for_update().filter(pk=line.pk).first()
    if current is None or current.version != version:
        raise Conflict(current)
    action = current.action
    current._history_user = by
    current.delete()
    if not any(kept.exists() for kept in (action.lines, action.indicators, action.gatherings)):
        action.delete()
    audit.record(by=by, act="Retrait d'une action", about=line, territory=line.year.territory)


@transaction.atomic
def move_line(*, line, up, by):
    """Exchanges a line with its neighbour in the table; at the end of the table, does nothing."""
    check_open(line.year)
    lines = list(Line.objects.select_for_update(of=("self",)).filter(year=line.year, axis=line.axis_id))
    index = [other.pk for other in lines].index(line.pk)
    target = index + (-1 if up else 1)
    if not 0 <= target < len(lines):
        return
    lines[index], lines[target] = lines[target], lines[index]
    for position, other in enumerate(lines, start=1):
        if other.position != position:
            save_version(other, version=other.version, by=by, reason="Ordre modifié", position=position)


@transaction.atomic
def record_entry(*, indicator, year, by, corrects=None, **fields):
    """Writes a value; with `corrects`, a correction, which needs a `reason`.

    Two people who enter or correct the same value at once: the database keeps one, the other gets Conflict with the
    entry in force. Raises ValidationError with French sentences.
    """
    check_open(year)
    if indicator.source == Indicator.Source.REGISTER:
        raise ValidationError("Ce chiffre est calculé d'après un registre : corrigez les lignes du registre.")
    if (indicator.pk, year.number) in answers_over({(indicator.pk, year.number)}):
        raise ValidationError(
            "Ce chiffre est demandé aux partenaires : il vient de leurs réponses validées. "
            "Pour une autre valeur, faites une contre-proposition dans leur bilan."
        )
    entry = Entry(indicator=indicator, year=year, created_by=by, corrects=corrects, **fields)
    for name in ("note", "reason"):
        setattr(entry, name, clean_text(getattr(entry, name)))
    entry.clean_fields()
    entry.validate_constraints(exclude=["indicator", "year"])
    numbers = {name: getattr(entry, name) for name in ("number", "numerator", "denominator")}
    if sentences := refusals(indicator, **numbers):
        raise ValidationError(sentences)
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        current = Entry.objects.current().filter(indicator=indicator, year=year).first()
        if current is None or current == corrects:
            raise
        raise Conflict(current) from error
    citations.record_parts(entry)
    return entry


@transaction.atomic
def change_source(*, indicator, year, source, figure_key="", gathering_kind=None, reason, by):
    """Obtains an indicator otherwise from the exercise `year` on, which breaks its series: needs a reason.

    What was in force before stays so for the exercises before. Raises ValidationError with French sentences.
    """
    check_open(year)
    current = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    if current.breaks.filter(number__gt=year.number).exists():
        raise ValidationError(
            "Le mode d'obtention a déjà changé dans un exercice plus récent : changez-le là."
        )
    broken = SeriesBreak(
        indicator=current,
        number=year.number,
        source_before=current.source,
        figure_key_before=current.figure_key,
        gathering_kind_before=current.gathering_kind,
        source_after=source,
        reason=clean_text(reason).strip(),
        created_by=by,
    )
    broken.clean_fields(exclude=["indicator", "created_by", "reason"])
    broken.validate_constraints()
    current.source, current.figure_key, current.gathering_kind = source, figure_key, gathering_kind
    current.clean_fields(exclude=["definition", "base"])
    current.validate_constraints()
    broken.save()
    current._history_user, current._change_reason = by, broken.reason[:100]
    current.save()
    audit.record(
        by=by,
        act=f"Mode d'obtention : {broken.get_source_before_display()} → {broken.get_source_after_display()}",
        about=current,
        territory=year.territory,
        detail=broken.reason,
    )
    return broken


@transaction.atomic
def save_gathering(*, year, gathering=None, version=None, new_kind="", by, **fields):
    """Writes a gathering of the exercise `year`, or corrects the one read at `version` (raises Conflict).

    `new_kind` is a kind in one's own words, made where the territory has none of that name.
    """
    check_open(year)
    if fields["held_on"].year != year.number:
        raise ValidationError({"held_on": f"Cette date n'est pas dans l'exercice {year.number}."})
    if new_kind:
        fields["kind"] = kind_named(clean_text(new_kind).strip(), territory=year.territory)
    fields["title"] = clean_text(fields["title"]).strip()
    if gathering is not None:
        return save_version(gathering, version=version, by=by, **fields)
    created = Gathering(created_by=by, **fields)
    created._history_user = by
    created.full_clean(exclude=["created_by"])
    created.save()
    return created


def kind_named(label, *, territory):
    """The kind of this name, whatever the case; the database keeps one of two made at once."""
    for known in GatheringKind.objects.filter(territory=territory):
        if known.label.casefold() == label.casefold():
            return known
    kind = GatheringKind(territory=territory, label=label)
    kind.full_clean(validate_unique=False)
    kind.save()
    return kind


@transaction.atomic
def remove_gathering(*, gathering, year, version, by):
    """Removes a gathering read at `version`; its history stays."""
    check_open(year)
    current = Gathering.objects.select_for_update(of=("self",)).filter(pk=gathering.pk).first()
    if current is None or current.version != version:
        raise Conflict(current)
    current._history_user = by
    current.delete()
    audit.record(by=by, act="Retrait d'un événement", about=gathering, territory=year.territory)
