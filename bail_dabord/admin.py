"""Who keeps the register, for the technical administrator: nothing of the households, nothing that is counted."""

from django.contrib import admin

from bail_dabord.models import Register
from logement.admin import Discreet


@admin.register(Register)
class RegisterAdmin(Discreet, admin.ModelAdmin):
    list_display = ["organisation", "territory", "since", "is_open"]
    list_filter = ["territory", "is_open"]
