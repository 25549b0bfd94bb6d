// The modules whose types models use, so that a file with models imports one module.
@_exported public import StraitDatabase
