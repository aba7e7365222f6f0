"""The exercise: its dashboard, its axes, and the lines of their tables."""

from dataclasses import replace
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from axes import opening, steps, workflow
from axes.doors import check_still_open, year_page
from axes.history import line_changes
from axes.lasting import life_of
from axes.line_forms import PeopleForm, StateForm, TitleForm, YearStepForm
from axes.models import Action, Axis, Column, Indicator, Line, TextBlock, Year
from axes.notices import warn_of_persons
from axes.progress import progress_of, steps_of
from axes.shown import linked_in, shown_in
from axes.table import ActionCell, tables_of
from logement.locking import Conflict
from logement.roles import Permission as P

LINES = (P.VIEW_LINES, P.VIEW_OWN_LINES)
REMOVED = "Cette ligne vient d'être retirée : il n'y a plus où enregistrer."


@require_safe
@year_page(P.EDIT_PLAN)
def dashboard(request, year):
    items = progress_of(year)
    context = {
        "year": year,
        "items": items,
        "done": sum(item.done for item in items),
        "total": sum(item.total for item in items),
        "next_item": next((item for item in items if not item.is_complete), None),
        "steps": steps_of(year),
        "may_open_next": not opening.obstacle(year),
        "needs_agreement": opening.needs_agreement(year),
        "moves": [(to, Year.State(to).label) for to in steps.MOVES.get(year.state, ())],
        "is_in_review": year.state == Year.State.REVIEW,
        "inquiries": year.inquiries.waiting().count(),
    }
    return render(request, "axes/dashboard.html", context)


@require_POST
@year_page(P.MOVE_EXERCISE, sees=P.VIEW_PLAN)
def move_year(request, year):
    form = YearStepForm(request.POST)
    if form.is_valid():
        try:
            moved = steps.move_year(year=year, to=form.cleaned_data["to"], by=request.user)
        except ValidationError as error:
            messages.error(request, error.message)
        else:
            messages.success(
                request, f"L'exercice {year.number} est à l'étape « {moved.get_state_display()} »."
            )
    else:
        messages.error(request, " ".join(sentence for errors in form.errors.values() for sentence in errors))
    return redirect("axes:dashboard", year.territory.code, year.number)


@require_safe
@year_page(LINES)
def axes(request, year):
    lines = Line.objects.visible_to(request.user)
    context = {"year": year, "tables": tables_of(year, lines=lines), "may_edit": may_edit(request, year)}
    return render(request, "axes/axes.html", context)


@require_safe
@year_page(LINES)
def axis(request, year, axis_id):
    tables = tables_of(year, lines=Line.objects.visible_to(request.user), axis=get_axis(year, axis_id))
    context = {
        "year": year,
        "axis": tables[0].axis,
        "tables": tables,
        "may_edit": may_edit(request, year),
        "shown": shown_to(
            request, year, [cell.text for table in tables for row in table.rows for cell in row]
        ),
        "siblings": Axis.objects.filter(blocks__chapter__year=year),
    }
    return render(request, "axes/axis.html", context)


@require_safe
@year_page(LINES)
def read_cell(request, year, line_id, column_id):
    """A cell as it reads: what « Annuler » puts back in place of the form."""
    return render_cell(request, year, get_cell(request, year, line_id, column_id))


@year_page(P.EDIT_PLAN, sees=LINES)
def add_line(request, year, axis_id):
    check_still_open(year)
    axis = get_axis(year, axis_id)
    form = TitleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            line = workflow.add_line(year=year, axis=axis, title=form.cleaned_data["title"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            warn_of_persons(request, line.title)
            messages.success(
                request, "L'action est ajoutée : renseignez son état, ses indicateurs et ses observations."
            )
            return redirect(line_url(line, year))
    context = {"year": year, "axis": axis, "form": form, "back": axis_url(year, axis.pk)}
    return render(request, "axes/add_line.html", context, status=status_of(form))


@year_page(P.EDIT_PLAN, sees=LINES)
def edit_title(request, year, line_id):
    return edit_line(
        request,
        year,
        get_line(request, year, line_id),
        role=Column.Role.TITLE,
        heading="Intitulé de l'action",
        form_class=TitleForm,
        initial=lambda line: {"title": line.title},
        save=workflow.save_title,
    )


@year_page(P.EDIT_PLAN, sees=LINES)
def edit_state(request, year, line_id):
    return edit_line(
        request,
        year,
        get_line(request, year, line_id),
        role=Column.Role.STATE,
        heading="État de réalisation",
        form_class=partial(StateForm, agreement=year.agreement),
        initial=lambda line: {
            "state": line.state,
            "inflection": line.inflection,
            "reason": line.state_reason,
        },
        save=workflow.save_state,
    )


@year_page(P.EDIT_PLAN, sees=LINES)
def edit_people(request, year, line_id):
    return edit_line(
        request,
        year,
        get_line(request, year, line_id),
        role=Column.Role.TITLE,
        heading="Pilote et partenaires",
        form_class=partial(PeopleForm, territory=year.territory),
        initial=lambda line: {"lead": line.lead, "partners": line.partners.all()},
        save=workflow.save_people,
    )


def edit_line(request, year, line, *, role, heading, form_class, initial, save):
    """The one way in which a part of a line is edited: in place with htmx, on a page without."""
    check_still_open(year)
    version, current = line.version, None
    form = form_class(initial=initial(line))
    if request.method == "POST":
        form = form_class(request.POST)
        version = posted_version(request)
        if form.is_valid():
            try:
                saved = save(line=line, version=version, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            except Conflict as conflict:
                current = conflict.current
                if current is None:
                    form.add_error(None, REMOVED)
                elif form_class(request.POST, initial=initial(current)).has_changed():
                    version = current.version
                else:  # the same form, sent twice
                    return after_saving(request, year, replace(cell_of(year, line, role), line=current))
            else:
                warn_of_persons(
                    request, *(text for text in form.cleaned_data.values() if isinstance(text, str))
                )
                return after_saving(request, year, replace(cell_of(year, saved, role), line=saved))
    context = {
        "year": year,
        "line": line,
        "cell": cell_of(year, line, role),
        "heading": heading,
        "form": form,
        "version": version,
        "current": current,
        "current_form": form_class(initial=initial(current)) if current else None,
        "back": line_url(line, year),
    }
    status = 409 if current else status_of(form)
    template = "axes/edit_line.html#form" if request.htmx else "axes/edit_line.html"
    return render(request, template, context, status=status)


@require_POST
@year_page(P.EDIT_PLAN, sees=LINES)
def move_line(request, year, line_id):
    check_still_open(year)
    line = get_line(request, year, line_id)
    up = request.POST.get("sens") == "haut"
    workflow.move_line(line=line, up=up, by=request.user)
    messages.success(request, f"« {line.title} » est {'remontée' if up else 'descendue'} d'un rang.")
    return redirect(line_url(line, year))


@year_page(P.EDIT_PLAN, sees=LINES)
def remove_line(request, year, line_id):
    check_still_open(year)
    line = get_line(request, year, line_id)
    stale = False
    if request.method == "POST":
        try:
            workflow.remove_line(line=line, version=posted_version(request), by=request.user)
        except Conflict:
            stale = True
        else:
            messages.success(request, f"« {line.title} » est retirée de l'exercice {year.number}.")
            return redirect(axis_url(year, line.axis_id))
    context = {
        "year": year,
        "line": line,
        "stale": stale,
        "texts": TextBlock.objects.filter(line=line).exclude(content="").select_related("column"),
        "back": line_url(line, year),
    }
    return render(request, "axes/remove_line.html", context, status=409 if stale else 200)


@require_safe
@year_page(P.VIEW_LINES)
def line_history(request, year, line_id):
    line = get_line(request, year, line_id)
    context = {"year": year, "title": line.title, "changes": line_changes(line), "back": line_url(line, year)}
    return render(request, "axes/history.html", context)


@require_safe
@year_page(LINES)
def action(request, year, action_id):
    """A lasting action over the exercises, as far as its reader may see its lines and its indicators."""
    lines = Line.objects.visible_to(request.user).filter(year__territory=year.territory)
    action = get_object_or_404(
        Action.objects.select_related("axis").filter(pk__in=lines.values("action")), pk=action_id
    )
    life = life_of(
        action,
        lines=lines,
        indicators=Indicator.objects.visible_to(request.user).filter(territory=year.territory),
        territory=year.territory,
    )
    may_add = year.is_open and request.user.may(P.EDIT_FIGURES, year.territory)
    context = {"year": year, "tab": "axes:axes", "action": action, "life": life, "may_add": may_add}
    return render(request, "axes/action.html", context)


def may_edit(request, year):
    return year.is_open and request.user.may(P.EDIT_PLAN, year.territory)


def shown_to(request, year, texts, **options):
    """{text.pk: Shown}, as far as this reader may go from the figures; a partner reads the words alone."""
    if request.user.may(P.EDIT_PLAN, year.territory):
        return shown_in(texts, year, **options)
    return linked_in(texts, year) if request.user.may(P.VIEW_FIGURES, year.territory) else {}


def get_axis(year, axis_id):
    axis = Axis.objects.filter(pk=axis_id, blocks__chapter__year=year).first()
    if axis is None:
        raise Http404
    return axis


def get_line(request, year, line_id):
    lines = Line.objects.visible_to(request.user).select_related("action", "state", "year__territory", "lead")
    return get_object_or_404(lines, pk=line_id, year=year)


def get_cell(request, year, line_id, column_id):
    line = get_line(request, year, line_id)
    column = get_object_or_404(
        Column, pk=column_id, layout__in=line.axis.blocks.filter(chapter__year=year).values("layout")
    )
    return ActionCell(line, column, TextBlock.objects.filter(line=line, column=column).first())


def cell_of(year, line, role):
    """The cell of a line that holds this role."""
    layouts = line.axis.blocks.filter(chapter__year=year).values("layout")
    return ActionCell(line, Column.objects.get(layout__in=layouts, role=role))


def render_cell(request, year, cell, saved=False, linking=False):
    context = {
        "year": year,
        "cell": cell,
        "may_edit": may_edit(request, year),
        "shown": shown_to(request, year, [cell.text], is_open=linking),
        "saved": saved,
    }
    return render(request, "axes/_cell.html", context)


def after_saving(request, year, cell):
    """The cell as it reads now, in place; or back to the table, at its line."""
    if request.htmx:
        saved = cell.text if cell.column.is_text else cell.line
        return at_version(render_cell(request, year, cell, saved=True), saved)
    messages.success(request, "Enregistré.")
    return redirect(line_url(cell.line, year))


def at_version(response, saved):
    """Tells the script upon which version to save what was typed while this answer was on its way."""
    response["X-Version"] = saved.version
    return response


def posted_version(request):
    """The version that the form was opened with; anything else than a number is a version nobody ever had."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1


def status_of(form):
    return 422 if form.is_bound and not form.is_valid() else 200


def axis_url(year, axis_id):
    return reverse("axes:axis", args=[year.territory.code, year.number, axis_id])


def line_url(line, year):
    return f"{axis_url(year, line.axis_id)}#action-{line.pk}"
