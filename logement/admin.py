"""Technical administration: people, organisations, memberships, territories. No business object."""

from collections import Counter

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.admin import UserAdmin
from django.db import router

from logement.models import Membership, Organisation, Territory, User

admin.site.site_header = "Administration technique"
admin.site.site_title = "Administration technique"
admin.site.index_title = "Comptes et cadre des conventions"
# One way in: allauth's, which limits the tries and asks the second factor.
admin.site.login = secure_admin_login(admin.site.login)


class Discreet:
    """An administration that says how many rows hang on what would be deleted, never which.

    Their titles belong to the plan, which the technical administrator does not see.
    """

    def get_deleted_objects(self, objs, request):
        _, counts, lacking, _ = super().get_deleted_objects(objs, request)
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        holding = Counter(str(row._meta.verbose_name_plural) for row in collector.protected)
        return words_of(counts), counts, lacking, words_of(holding)


def words_of(counts):
    return [f"{name} : {count}" for name, count in counts.items()]


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["organisation"]


@admin.register(User)
class PersonAdmin(Discreet, UserAdmin):
    ordering = ["full_name"]
    list_display = ["full_name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "memberships__role", "memberships__territory"]
    search_fields = ["full_name", "email"]
    fieldsets = [
        (None, {"fields": ["email", "full_name", "password"]}),
        ("Accès", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "full_name", "password1", "password2"]})]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    inlines = [MembershipInline]


@admin.register(Organisation)
class OrganisationAdmin(Discreet, admin.ModelAdmin):
    list_display = ["name", "short_name", "kind", "siret"]
    list_filter = ["kind", "territories"]
    search_fields = ["name", "short_name", "siret"]
    filter_horizontal = ["territories"]


@admin.register(Territory)
class TerritoryAdmin(Discreet, admin.ModelAdmin):
    list_display = ["name", "code"]
    search_fields = ["name", "code"]
