"""The plain benchmark page in Starlette. Served with: uvicorn --app-dir Benchmarks/web starlette_pages:application"""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def plain(request):
    return PlainTextResponse("Hello, world!")


application = Starlette(routes=[Route("/bench/plain/", plain)])
