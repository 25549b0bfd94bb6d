// An application needs only `import Strait`: it exports the names for pages, sockets and commands.

@_exported public import StraitAccounts
@_exported public import StraitCache
@_exported public import StraitCommandLine
@_exported public import StraitDatabase
@_exported public import StraitForms
@_exported public import StraitMail
@_exported public import StraitMessages
@_exported public import StraitMigrations
@_exported public import StraitModelForms
@_exported public import StraitModels
@_exported public import StraitOutbox
@_exported public import StraitPasswords
@_exported public import StraitRedis
@_exported public import StraitSessions
@_exported public import StraitSockets
@_exported public import StraitTemplates
@_exported public import StraitText
@_exported public import StraitWeb
