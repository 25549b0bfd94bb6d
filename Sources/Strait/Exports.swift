// `import Strait` is the one import of an application: what a page, a socket or a command of its own names is here.

@_exported public import StraitCommandLine
@_exported public import StraitConsumers
@_exported public import StraitHTTP
@_exported public import StraitJSON
@_exported public import StraitLayers
@_exported public import StraitNetwork
@_exported public import StraitRedis
@_exported public import StraitRouting
@_exported public import StraitServer
@_exported public import StraitTemplates
@_exported public import StraitWeb
@_exported public import StraitWebSocket
