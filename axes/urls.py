"""Addresses of the plan: everything of an exercise is under /<territory>/<year>/."""

from django.urls import include, path

from axes.views import answers, figures, gatherings, indicators, plan, review, texts

app_name = "axes"

exercise = [
    path("", plan.dashboard, name="dashboard"),
    path("etape/", plan.move_year, name="move_year"),
    path("axes/", plan.axes, name="axes"),
    path("axes/<int:axis_id>/", plan.axis, name="axis"),
    path("axes/<int:axis_id>/ajouter/", plan.add_line, name="add_line"),
    path("axes/actions/<int:line_id>/titre/", plan.edit_title, name="edit_title"),
    path("axes/actions/<int:line_id>/etat/", plan.edit_state, name="edit_state"),
    path("axes/actions/<int:line_id>/participants/", plan.edit_people, name="edit_people"),
    path("axes/actions/<int:line_id>/deplacer/", plan.move_line, name="move_line"),
    path("axes/actions/<int:line_id>/retirer/", plan.remove_line, name="remove_line"),
    path("axes/actions/<int:line_id>/historique/", plan.line_history, name="line_history"),
    path("axes/actions/<int:line_id>/texte/<int:column_id>/", texts.edit_cell, name="edit_cell"),
    path("axes/actions/<int:line_id>/cellule/<int:column_id>/", plan.read_cell, name="read_cell"),
    path("textes/", texts.chapters, name="chapters"),
    path("textes/<int:chapter_id>/", texts.chapter, name="chapter"),
    path("textes/<int:chapter_id>/historique/", texts.chapter_history, name="chapter_history"),
    path("textes/bloc/<int:block_id>/", texts.edit_block, name="edit_block"),
    path("textes/bloc/<int:block_id>/lire/", texts.read_block, name="read_block"),
    path("indicateurs/", indicators.index, name="indicators"),
    path("indicateurs/<str:code>/", indicators.indicator, name="indicator"),
    path("indicateurs/<str:code>/valeur/", indicators.enter_value, name="enter_value"),
    path("indicateurs/<str:code>/source/", figures.change_source, name="change_source"),
    path("chiffres/", figures.index, name="sources"),
    path("chiffres/<str:key>/", figures.rows, name="figure_rows"),
    path("evenements/", gatherings.index, name="gatherings"),
    path("evenements/ajouter/", gatherings.add, name="add_gathering"),
    path("evenements/<int:pk>/", gatherings.edit, name="edit_gathering"),
    path("evenements/<int:pk>/retirer/", gatherings.remove, name="remove_gathering"),
    path("bilans/<int:pk>/", answers.fill, name="fill"),
    path("bilans/<int:pk>/examen/", review.review, name="review"),
]

urlpatterns = [path("<slug:territory>/<int:number>/", include(exercise))]
