"""Who keeps which register, and the places that are funded: the technical administrator sees no row."""

from django.contrib import admin

from logement.admin import Discreet
from prevention.models import Places, Register


class PlacesInline(admin.TabularInline):
    model = Places
    extra = 0


@admin.register(Register)
class RegisterAdmin(Discreet, admin.ModelAdmin):
    list_display = ["scheme", "organisation", "territory", "is_open"]
    list_filter = ["territory", "scheme", "is_open"]
    inlines = [PlacesInline]
