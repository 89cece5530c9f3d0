"""Logging in and out, and what somebody likes: language and appearance."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.views import LoginView, PasswordResetConfirmView, redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from organisation.people.actions import send_password_link
from organisation.people.models import Theme, User
from registers.pages import keeping
from registers.pages.acting import Act, ActForm, act_page
from registers.pages.errors import error_page
from registers.pages.permission import for_everyone_logged_in, public

YEAR = 365 * 24 * 3600
TICK = {"class": "form-check-input"}


class LogInForm(AuthenticationForm):
    """Name and password, dressed like the other forms."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"


class LogIn(LoginView):
    """Asks for name and password; a form that came without a session waits until that is done."""

    template_name = "registration/login.html"
    form_class = LogInForm
    redirect_authenticated_user = True

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        kept = self.request.POST.get(keeping.FIELD, "")
        return super().get_context_data(kept=kept, **context)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        kept = self.request.POST.get(keeping.FIELD, "")
        response = super().form_valid(form)
        path = keeping.unseal(self.request, kept) if kept else ""
        if path:
            response = redirect(path)
        return remember_language(response, form.get_user().language)


log_in = public(LogIn.as_view())


@require_POST
def _log_out(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return redirect("login")


log_out = public(_log_out)


def log_in_first(request: HttpRequest) -> HttpResponse:
    """The login page for a form that came without a session, with what was typed sealed inside."""
    kept = keeping.sealed(request)
    if not kept:
        return redirect_to_login(request.get_full_path())
    context = {"form": LogInForm(request), "kept": kept, "next": ""}
    return render(request, "registration/login.html", context, status=401)


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # no generic when it runs
    """The same password twice, dressed like the other forms."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def save(self, commit: bool = True) -> Any:
        """Write the password alone: somebody may be changing the rest of the account.

        What opened the account before opens it no longer: sessions end by themselves, the tokens
        of programs here.
        """
        self.user.set_password(self.cleaned_data["new_password1"])
        if commit:
            with transaction.atomic():
                self.user.save(update_fields=["password"])
                self.user.api_tokens.all().delete()
        return self.user


class SetPassword(PasswordResetConfirmView):
    """Where the link of an invitation leads: its owner chooses a password."""

    template_name = "registration/password_set.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> Any:
        """Nobody where the account is closed: its old link would wait until it is opened again."""
        account = super().get_user(uidb64)
        return account if account is not None and account.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is set. Log in with it."))
        return super().form_valid(form)


set_password = public(SetPassword.as_view())


send_link = act_page(
    Act(
        register="users",
        verb="administer",
        title=gettext_lazy("Send a link to set a password"),
        explanation=gettext_lazy(
            "The owner of this account gets a mail with a link to choose a password. It works once,"
            " and for three days; an earlier password keeps working until then, and so do the"
            " tokens of programs."
        ),
        button=gettext_lazy("Send the link"),
        done=gettext_lazy("The link is sent."),
        form=ActForm,
        perform=lambda account, data, user: send_password_link(account, user),
    )
)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with the token of an earlier session: what was typed is kept and shown again.

    Only where the browser itself says that one of our own pages sent it.
    """
    if not keeping.from_this_site(request):
        text = _("Nothing was changed. Open the form again on this site and send it once more.")
        return error_page(request, 403, _("This form did not come from here"), text)
    if request.path == reverse("login"):
        return redirect("login")
    if not request.user.is_authenticated:
        return log_in_first(request)
    keeping.keep_here(request)
    return redirect(request.get_full_path())


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic when it runs
    """What somebody likes."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("nl", "Nederlands"), ("en", "English")],
        widget=forms.RadioSelect(attrs=TICK),
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Appearance"),
        choices=Theme.choices,
        widget=forms.RadioSelect(attrs=TICK),
    )

    class Meta:
        model = User
        fields = ("language", "theme")


@for_everyone_logged_in
def _preferences_of_account(request: HttpRequest) -> HttpResponse:
    account = User.objects.get(username=request.user.get_username())
    form = PreferencesForm(request.POST or None, instance=account)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(account.language):
            messages.success(request, _("Saved."))
        return remember_language(redirect("preferences"), account.language)
    return render(request, "registration/preferences.html", {"form": form})


def _preferences(request: HttpRequest) -> HttpResponseBase:
    """Language and appearance of an account; before logging in the language alone, in a cookie."""
    if request.user.is_authenticated:
        return _preferences_of_account(request)
    language = request.POST.get("language", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/login"
    response = redirect(back)
    if request.method == "POST" and language in dict(settings.LANGUAGES):
        return remember_language(response, language)
    return response


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Keep the language for the pages before logging in, also after the session has ended."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


preferences = public(_preferences)
