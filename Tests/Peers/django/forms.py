"""Prints Django 5.2's results for bodies, cookies, CSRF requests and forms: forms.py KIND FILE [KIND FILE ...]

FILE is a corpus of Tests/Peers/forms or a file from a test. For each, the script prints "RESULT KIND " and a JSON list
with one element per case.
"""

import io
import itertools
import json
import logging
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x",
    USE_TZ=False,
    ALLOWED_HOSTS=["*"],
    FORMS_URLFIELD_ASSUME_HTTPS=True,
    CSRF_TRUSTED_ORIGINS=["https://good.com", "https://*.wild.com", "https://port.com:8443"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    INSTALLED_APPS=["django.forms"],
    LOGGING_CONFIG=None,
)
django.setup()

from django import forms  # noqa: E402
from django.core.exceptions import BadRequest, SuspiciousOperation  # noqa: E402
from django.core.handlers.wsgi import WSGIRequest  # noqa: E402
from django.http import HttpResponse, QueryDict, parse_cookie  # noqa: E402
from django.http.multipartparser import MultiPartParserError  # noqa: E402
from django.middleware import csrf as csrf_module  # noqa: E402
from django.middleware.csrf import CsrfViewMiddleware, _does_token_match, _mask_cipher_secret  # noqa: E402


def request(method="POST", body=b"", content_type="", secure=False, **headers):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "443" if secure else "80",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "https" if secure else "http",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": content_type,
    }
    environ.update({k: v for k, v in headers.items() if v is not None})
    return WSGIRequest(environ)


def content(case):
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    many = "".join(case.get("each", "").replace("#", str(i)) for i in range(case.get("times", 0)))
    return (case["body"] + many + case.get("tail", "")).encode()


def body(case):
    made = request(body=content(case), content_type=case["type"])
    try:
        fields = [[name, value] for name, values in made.POST.lists() for value in values]
        files = [
            [file.field_name or name, file.name, file.content_type or "", file.read().decode("latin-1")]
            for name, files in made.FILES.lists()
            for file in files
        ]
        return {"fields": fields, "files": files}
    except (MultiPartParserError, SuspiciousOperation, BadRequest):
        return {"error": True}


def matrix(corpus):
    """Returns the result of every combination of the corpus' values."""
    reasons = []
    csrf_module._get_failure_view = lambda: lambda request, reason="": HttpResponse(reason, status=403)
    middleware = CsrfViewMiddleware(lambda request: HttpResponse("ok"))
    keys = ["method", "secure", "cookie", "field", "header", "origin", "referer"]
    for method, secure, cookie, field, header, origin, referer in itertools.product(*(corpus[k] for k in keys)):
        made = request(
            method,
            b"" if field is None else b"csrfmiddlewaretoken=" + field.encode(),
            "application/x-www-form-urlencoded",
            secure,
            HTTP_COOKIE=None if cookie is None else "csrftoken=" + cookie,
            HTTP_X_CSRFTOKEN=header,
            HTTP_ORIGIN=origin,
            HTTP_REFERER=referer,
        )
        middleware.process_request(made)
        response = middleware.process_view(made, lambda request: None, (), {})
        reasons.append("ok" if response is None else response.content.decode())
    return reasons


def options(case):
    given = dict(case.get("options", {}))
    if "choices" in given:
        given["choices"] = [(value, value) for value in given["choices"]]
    return given


def field(case):
    kind = getattr(forms, case["field"])
    results = []
    for values in case["values"]:
        made = kind(**options(case))
        data = QueryDict(mutable=True)
        data.setlist("field", values)
        form = type("OneForm", (forms.Form,), {"field": made})(data)
        if form.is_valid():
            value = form.cleaned_data["field"]
            results.append({"value": "" if value is None else ",".join(value) if isinstance(value, list) else str(value)})
        else:
            results.append({"errors": [[e.messages[0], e.code] for e in form.errors.as_data()["field"]]})
    return results


class ContactForm(forms.Form):
    name = forms.CharField(max_length=30, min_length=2, help_text="As your friends call you.")
    email = forms.EmailField(required=False, label="Your address?")
    age = forms.IntegerField(min_value=18, max_value=120, required=False)
    price = forms.DecimalField(max_digits=5, decimal_places=2, required=False)
    weight = forms.FloatField(required=False)
    message = forms.CharField(widget=forms.Textarea(), initial="Dear <you>,")
    agree = forms.BooleanField()
    colour = forms.ChoiceField(choices=[("r", "Red"), ("g", "Green & <b>")], widget=forms.RadioSelect, help_text="One.")
    size = forms.ChoiceField(choices=[("", "---------"), ("s", "Small"), ("l", "Large")])
    tags = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    extras = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, required=False
    )
    site = forms.URLField(required=False)
    day = forms.DateField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput(), required=False)
    file = forms.FileField(required=False)
    token = forms.CharField(widget=forms.HiddenInput(), max_length=3, initial="t")

    def clean(self):
        if self.cleaned_data.get("name") == "everybody":
            raise forms.ValidationError("Not everybody <at once>.")


class HiddenForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput())


def page(case):
    kind = {"contact": ContactForm, "hidden": HiddenForm}[case["form"]]
    form = kind(None if case["data"] is None else QueryDict(case["data"]), prefix=case.get("prefix"))
    return [str(getattr(form, "as_" + layout)()) for layout in ("div", "p", "ul", "table")]


def token(case):
    if "token" in case:
        return _does_token_match(case["token"], case["secret"])
    return _mask_cipher_secret(case["secret"])


logging.disable()
WORK = {
    "bodies": body,
    "cookies": parse_cookie,
    "csrf": matrix,
    "fields": field,
    "pages": page,
    "tokens": token,
}
for kind, path in zip(sys.argv[1::2], sys.argv[2::2]):
    with open(path, encoding="utf-8") as file:
        print("RESULT", kind, json.dumps([WORK[kind](case) for case in json.load(file)]), flush=True)
