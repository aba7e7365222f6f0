"""The frame of a convention, for the technical administrator: no text and no figure."""

from django.contrib import admin

from axes.models import Agreement, Axis, Block, Chapter, Column, Layout, Signatory, State, Year
from logement.admin import Discreet


class SignatoryInline(admin.TabularInline):
    model = Signatory
    extra = 0


class AxisInline(admin.TabularInline):
    model = Axis
    extra = 0


class StateInline(admin.TabularInline):
    model = State
    extra = 0


@admin.register(Agreement)
class AgreementAdmin(Discreet, admin.ModelAdmin):
    list_display = ["title", "territory", "starts_on", "ends_on"]
    list_filter = ["territory"]
    inlines = [SignatoryInline, AxisInline, StateInline]


class ColumnInline(admin.TabularInline):
    model = Column
    extra = 0


@admin.register(Layout)
class LayoutAdmin(Discreet, admin.ModelAdmin):
    list_display = ["name", "agreement"]
    list_filter = ["agreement__territory"]
    inlines = [ColumnInline]


class ChapterInline(admin.TabularInline):
    model = Chapter
    extra = 0


@admin.register(Year)
class YearAdmin(Discreet, admin.ModelAdmin):
    list_display = ["number", "territory", "agreement", "state"]
    list_filter = ["territory", "state"]
    readonly_fields = ["state"]
    inlines = [ChapterInline]


class BlockInline(admin.TabularInline):
    model = Block
    extra = 0


@admin.register(Chapter)
class ChapterAdmin(Discreet, admin.ModelAdmin):
    list_display = ["title", "kind", "number", "year"]
    list_filter = ["year__territory", "year__number"]
    inlines = [BlockInline]
