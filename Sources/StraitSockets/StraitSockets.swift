// The modules for a program with sockets and simple pages, but without templates, forms, settings and Redis.

@_exported public import StraitConsumers
@_exported public import StraitCore
@_exported public import StraitHTTP
@_exported public import StraitJSON
@_exported public import StraitLayers
@_exported public import StraitRouting
@_exported public import StraitServer
@_exported public import StraitWebSocket
