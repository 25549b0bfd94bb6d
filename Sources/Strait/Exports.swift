// An application needs only `import Strait`: it exports the names for pages, sockets and commands.

@_exported public import StraitCommandLine
@_exported public import StraitConsumers
@_exported public import StraitCore
@_exported public import StraitForms
@_exported public import StraitHTTP
@_exported public import StraitJSON
@_exported public import StraitLayers
@_exported public import StraitRedis
@_exported public import StraitRouting
@_exported public import StraitServer
@_exported public import StraitTemplates
@_exported public import StraitText
@_exported public import StraitWeb
@_exported public import StraitWebSocket
