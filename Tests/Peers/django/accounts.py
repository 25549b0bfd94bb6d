"""A Django 5.2 site with sessions and users: accounts.py DATABASE SECRET_KEY [TIME_ZONE [SETTINGS]]

DATABASE is the path of an SQLite file or a URL of PostgreSQL. SETTINGS is JSON with more settings. The script reads commands as JSON, one in each line, and
prints the result of each as JSON. It ends when its input closes.
"""

import json
import sys
from importlib import import_module

import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import include, path

from databases import database

name, key = sys.argv[1:3]
zone = sys.argv[3] if len(sys.argv) > 3 else "UTC"
more = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}


def who(request):
    return HttpResponse(str(request.user))


def log_out(request):
    auth.logout(request)
    return HttpResponse("")


def read(request, name):
    return HttpResponse(json.dumps(request.session.get(name)))


def write(request, name, value):
    request.session[name] = json.loads(value)
    return HttpResponse("")


def notify(request):
    for level, text, is_safe, tags in json.loads(request.GET["messages"]):
        messages.add_message(request, level, mark_safe(text) if is_safe else text, tags)
    return HttpResponse("")


def shown(request):
    """The messages of a page, which are removed."""
    return HttpResponse(json.dumps([
        [m.level, m.message, isinstance(m.message, SafeData), m.extra_tags, m.tags]
        for m in messages.get_messages(request)
    ]))


urlpatterns = [
    path("notify/", notify),
    path("shown/", shown),
    path("who/", who),
    path("logout/", log_out),
    path("read/<str:name>/", read),
    path("write/<str:name>/<path:value>/", write),
]
# The texts of Django's own templates are in its admin site.
PAGES = {
    "registration/password_reset_form.html": "{{ form }}",
    "registration/password_reset_done.html": "done",
    "registration/password_reset_subject.txt": "Reset",
    "registration/password_reset_email.html": "{% url 'password_reset_confirm' uidb64=uid token=token %}",
    "registration/password_reset_confirm.html": "{{ validlink }} {{ form.errors }}",
    "registration/password_reset_complete.html": "complete",
}
settings.configure(
    SECRET_KEY=key,
    ROOT_URLCONF=sys.modules[__name__],
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    TIME_ZONE=zone,
    DATABASES={"default": database(name)},
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", PAGES)]},
        }
    ],
    PASSWORD_HASHERS=[
        f"django.contrib.auth.hashers.{hasher}PasswordHasher"
        for hasher in ["PBKDF2", "PBKDF2SHA1", "Argon2", "BCryptSHA256", "BCrypt", "Scrypt", "MD5"]
    ],
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    **more,
)
django.setup()
urlpatterns.append(path("accounts/", include("django.contrib.auth.urls")))

from django.contrib import auth, messages
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.core.management import call_command
from django.utils.http import url_has_allowed_host_and_scheme
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils.safestring import SafeData, mark_safe


def client(cookie=None):
    result = Client()
    if cookie:
        result.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return result


def cookie_of(client):
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else None


def browser(cookies):
    result = Client()
    for name, value in cookies.items():
        result.cookies[name] = value
    return result


def cookies_of(client):
    return {name: morsel.value for name, morsel in client.cookies.items() if morsel.value}


class Commands:
    def notify(self, messages, cookies={}):
        visitor = browser(cookies)
        visitor.get("/notify/", {"messages": json.dumps(messages)})
        return cookies_of(visitor)

    def shown(self, cookies):
        visitor = browser(cookies)
        shown = json.loads(visitor.get("/shown/").content)
        return {"messages": shown, "cookies": cookies_of(visitor)}

    def migrate(self):
        call_command("migrate", verbosity=0)

    def plan(self):
        executor = MigrationExecutor(connection)
        return [str(step) for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]

    def rows(self):
        return [
            [content.app_label, content.model, sorted(f"{p.codename} {p.name}" for p in content.permission_set.all())]
            for content in ContentType.objects.order_by("app_label", "model")
        ]

    def create(self, username, password):
        return User.objects.create_user(username, f"{username}@example.com", password).pk

    def login(self, username, password, cookie=None):
        visitor = client(cookie)
        return cookie_of(visitor) if visitor.login(username=username, password=password) else None

    def delete(self, cookie):
        Session.objects.filter(pk=cookie).delete()

    def who(self, cookie):
        return client(cookie).get("/who/").content.decode()

    def logout(self, cookie):
        client(cookie).get("/logout/")

    def read(self, cookie, name):
        return json.loads(client(cookie).get(f"/read/{name}/").content)

    def write(self, name, value, cookie=None):
        visitor = client(cookie)
        visitor.get(f"/write/{name}/{json.dumps(value)}/")
        return cookie_of(visitor)

    def expire(self, cookie):
        """The rest of the session's life in the cache, in seconds."""
        prefix = import_module(settings.SESSION_ENGINE).KEY_PREFIX
        store = caches["default"]
        return store._cache.get_client().ttl(store.make_and_validate_key(prefix + cookie))

    def hash(self, password, hasher):
        return make_password(password, hasher=hasher)

    def check(self, password, hash):
        return check_password(password, hash)

    def token(self, username):
        return default_token_generator.make_token(User.objects.get(username=username))

    def accepts(self, username, token):
        return default_token_generator.check_token(User.objects.get(username=username), token)

    def reset(self, email):
        client().post("/accounts/password_reset/", {"email": email})
        return mail.outbox[-1].body if mail.outbox else None

    def confirm(self, path, password):
        visitor = client()
        page = visitor.get(path, follow=True)
        form = {"new_password1": password, "new_password2": password}
        if "True" not in page.content.decode():
            return "invalid link"
        return visitor.post(page.request["PATH_INFO"], form, follow=True).content.decode()

    def safe(self, urls, hosts):
        return [url_has_allowed_host_and_scheme(url, allowed_hosts=set(hosts)) for url in urls]

    def password(self, username, password):
        user = User.objects.get(username=username)
        user.set_password(password)
        user.save()


for line in sys.stdin:
    message = json.loads(line)
    number = message.pop("id")
    result = getattr(Commands(), message.pop("do"))(**message)
    connection.close()
    print(json.dumps({"id": number, "result": result}), flush=True)
