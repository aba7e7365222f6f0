"""What is accepted of an amended export, written into the exercise: all of it, or nothing."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from axes import workflow
from axes.imports.amended.comparison import Amended
from axes.imports.amended.pieces import bare
from axes.imports.decisions import check_pending
from axes.models import Inflection, ReportImport, State
from logement import audit
from logement.locking import Conflict


@transaction.atomic
def save_amended(*, report, by):
    """Writes every accepted difference, or nothing; gives how many. Raises ValidationError with French sentences."""
    check_pending(report)
    workflow.check_open(report.compared_to)
    found = Amended(report)
    refused, versions = [], {}
    for one in found.accepted:
        try:
            write(one, versions, by=by)
        except Conflict:
            refused.append(f"« {one.place} » vient d'être modifié : relisez cet écart.")
        except (ValueError, ValidationError) as error:
            refused.append(f"« {one.place} » : {' '.join(getattr(error, 'messages', [str(error)]))}")
    if refused:
        raise ValidationError(refused)
    ReportImport.objects.filter(pk=report.pk).update(year=found.year, saved_at=timezone.now(), saved_by=by)
    audit.record(
        by=by,
        act="Export amendé repris",
        about=report,
        territory=report.territory,
        detail=f"Exercice {found.year.number} : {len(found.accepted)} écarts acceptés sur {len(found.differences)}",
    )
    return len(found.accepted)


def write(one, versions, *, by):
    """Writes a difference upon the version that was read; `versions`: those of the lines written meanwhile."""
    target = one.target
    if one.is_text:
        workflow.save_text(text=target, version=one.version, content=one.after, by=by)
        return
    version = versions.get(target.pk, one.version)
    if one.key.startswith("title:"):
        saved = workflow.save_title(line=target, version=version, title=one.after, by=by)
    else:
        state, inflection = state_of(one.after, target)
        saved = workflow.save_state(
            line=target,
            version=version,
            state=state,
            inflection=inflection,
            reason=target.state_reason,
            by=by,
        )
    versions[target.pk] = saved.version


def state_of(word, line):
    """(State, agreement) that print this word in the convention."""
    for state in State.objects.filter(agreement=line.year.agreement_id):
        for inflection in (line.inflection, *Inflection.values):
            if bare(state.word(inflection)) == bare(word):
                return state, inflection
    raise ValidationError(f"« {word} » n'est pas un état de la convention : choisissez-le dans son tableau.")
