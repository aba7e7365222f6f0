"""Technical administration: people, organisations, memberships, territories. No business object."""

from collections import Counter

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.admin import UserAdmin
from django.db import router
from django.utils import timezone

from logement import mail
from logement.models import Membership, Message, Organisation, Territory, User

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
    fk_name = "user"
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


class ByState(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request, model_admin):
        return [("envoye", "Envoyé"), ("attente", "À envoyer"), ("abandonne", "Abandonné")]

    def queryset(self, request, queryset):
        given_up = queryset.given_up(timezone.now())
        return {
            "envoye": queryset.filter(sent_at__isnull=False),
            "attente": queryset.filter(sent_at__isnull=True).exclude(pk__in=given_up.values("pk")),
            "abandonne": given_up,
        }.get(self.value(), queryset)


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Who was written to, about which event, and why it did not leave; never the words, which belong to the plan, nor
    the bodies, whose links may open a questionnaire."""

    list_display = ["address", "occasion", "territory", "state", "created_at", "sent_at", "attempts"]
    list_filter = [ByState, "territory"]
    search_fields = ["address", "occasion"]
    fields = [*list_display, "due_at", "last_error"]
    readonly_fields = fields
    actions = ["send_again"]

    @admin.display(description="état")
    def state(self, message):
        return message.state

    @admin.action(description="Renvoyer les messages abandonnés")
    def send_again(self, request, messages):
        count = mail.send_again(messages)
        self.message_user(request, f"Messages abandonnés remis à l'envoi : {count}.")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("subject", "text", "html")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
