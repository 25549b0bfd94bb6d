"""The benchmark pages in Django, as in production: DEBUG off, templates cached, and a new project's middleware except for
those that need a database. Served with: uvicorn --app-dir Benchmarks/web django_pages:application"""

import pathlib

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

HERE = pathlib.Path(__file__).parent

settings.configure(
    ALLOWED_HOSTS=["*"], SECRET_KEY="for a measurement alone", ROOT_URLCONF=__name__, LOGGING_CONFIG=None,
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE]}])
django.setup()

ROWS = [{"number": n, "name": f"<Row> {n}", "price": n * 1.25, "sold": n % 3 == 0} for n in range(50)]


async def plain(request):
    return HttpResponse("Hello, world!", content_type="text/plain; charset=utf-8")


async def table(request):
    return render(request, "table.html", {"title": "Prices & rows", "rows": ROWS})


urlpatterns = [path("bench/plain/", plain), path("bench/table/", table)]
application = get_asgi_application()
