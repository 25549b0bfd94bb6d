import StraitHTTP
public import StraitRouting

/// The middleware of a site, outermost first. Django's `MIDDLEWARE`.
///
/// ```swift
/// var middleware: MiddlewareList {
///     .standard
///         .inserting(TenantMiddleware.init, after: SecurityMiddleware.self)
///         .removing(XFrameOptionsMiddleware.self)
/// }
/// ```
///
/// The middleware wraps the router with all routes of the site and its apps. A change that names a type outside the
/// list is an error. It is thrown when the site is set up, and `check` reports it.
public struct MiddlewareList: Sendable {
    private struct Entry: Sendable {
        let type: any Middleware.Type
        let make: @Sendable (any Application, SiteContext) throws -> any Middleware
    }

    private var entries: [Entry] = []
    /// The first mistake made while changing the list.
    private var mistake: MiddlewareListError?

    /// Creates a list without middleware. A site without middleware answers requests for any host, and does not reject
    /// forged requests.
    public init() {}

    /// The framework's middleware, in Django's order: ``RequestIDMiddleware``, ``AllowedHostsMiddleware``,
    /// ``SecurityMiddleware``, ``CSRFViewMiddleware``, ``XFrameOptionsMiddleware``, ``ErrorPagesMiddleware``,
    /// ``CommonMiddleware``, ``StaticFilesMiddleware``.
    public static let standard = MiddlewareList()
        .appending { inner, _ in RequestIDMiddleware(inner) }
        .appending { AllowedHostsMiddleware($0, settings: $1.settings) }
        .appending { SecurityMiddleware($0, settings: $1.settings) }
        .appending(CSRFViewMiddleware.init(_:in:))
        .appending { XFrameOptionsMiddleware($0, settings: $1.settings) }
        .appending { ErrorPagesMiddleware($0, ErrorPages($0, in: $1)) }
        .appending { CommonMiddleware($0, settings: $1.settings) }
        .appending { try StaticFilesMiddleware($0, files: $1.staticFiles) }

    /// The types in the list, outermost first.
    public var types: [any Middleware.Type] { entries.map(\.type) }

    // MARK: Changing the list

    /// Returns this list with the middleware that `make` creates as the innermost.
    ///
    /// - Parameter make: A closure that wraps the application it is given.
    public func appending<M: Middleware>(
        _ make: @escaping @Sendable (any Application) throws -> M
    ) -> MiddlewareList {
        appending { inner, _ in try make(inner) }
    }

    /// Returns this list with the middleware that `make` creates as the innermost.
    ///
    /// - Parameter make: A closure that wraps the application it is given, for the site it is given.
    public func appending<M: Middleware>(
        _ make: @escaping @Sendable (any Application, SiteContext) throws -> M
    ) -> MiddlewareList {
        changed { $0.entries.append(Entry(type: M.self, make: make)) }
    }

    /// Returns this list with the middleware that `make` creates directly outside `other`.
    ///
    /// - Parameter make: A closure that wraps the application it is given.
    public func inserting<M: Middleware>(
        _ make: @escaping @Sendable (any Application) throws -> M, before other: any Middleware.Type
    ) -> MiddlewareList {
        inserting({ inner, _ in try make(inner) }, before: other)
    }

    /// Returns this list with the middleware that `make` creates directly outside `other`.
    ///
    /// - Parameter make: A closure that wraps the application it is given, for the site it is given.
    public func inserting<M: Middleware>(
        _ make: @escaping @Sendable (any Application, SiteContext) throws -> M, before other: any Middleware.Type
    ) -> MiddlewareList {
        changed(at: other) { $0.entries.insert(Entry(type: M.self, make: make), at: $1) }
    }

    /// Returns this list with the middleware that `make` creates directly inside `other`.
    ///
    /// - Parameter make: A closure that wraps the application it is given.
    public func inserting<M: Middleware>(
        _ make: @escaping @Sendable (any Application) throws -> M, after other: any Middleware.Type
    ) -> MiddlewareList {
        inserting({ inner, _ in try make(inner) }, after: other)
    }

    /// Returns this list with the middleware that `make` creates directly inside `other`.
    ///
    /// - Parameter make: A closure that wraps the application it is given, for the site it is given.
    public func inserting<M: Middleware>(
        _ make: @escaping @Sendable (any Application, SiteContext) throws -> M, after other: any Middleware.Type
    ) -> MiddlewareList {
        changed(at: other) { $0.entries.insert(Entry(type: M.self, make: make), at: $1 + 1) }
    }

    /// Returns this list with the middleware that `make` creates in place of `other`.
    ///
    /// - Parameter make: A closure that wraps the application it is given.
    public func replacing<M: Middleware>(
        _ other: any Middleware.Type, with make: @escaping @Sendable (any Application) throws -> M
    ) -> MiddlewareList {
        replacing(other) { inner, _ in try make(inner) }
    }

    /// Returns this list with the middleware that `make` creates in place of `other`.
    ///
    /// - Parameter make: A closure that wraps the application it is given, for the site it is given.
    public func replacing<M: Middleware>(
        _ other: any Middleware.Type, with make: @escaping @Sendable (any Application, SiteContext) throws -> M
    ) -> MiddlewareList {
        changed(at: other) { $0.entries[$1] = Entry(type: M.self, make: make) }
    }

    /// Returns this list without `other`.
    public func removing(_ other: any Middleware.Type) -> MiddlewareList {
        changed(at: other) { $0.entries.remove(at: $1) }
    }

    private func changed(_ change: (inout MiddlewareList) -> Void) -> MiddlewareList {
        var list = self
        change(&list)
        return list
    }

    private func changed(
        at type: any Middleware.Type, _ change: (inout MiddlewareList, Int) -> Void
    ) -> MiddlewareList {
        changed { list in
            if let index = list.entries.firstIndex(where: { $0.type == type }) { return change(&list, index) }
            list.mistake =
                list.mistake
                ?? MiddlewareListError(
                    description: "\(type) is not in the middleware list. Name one of those that are: "
                        + list.entries.map { "\($0.type)" }.joined(separator: ", ") + ".")
        }
    }

    // MARK: Applying the list

    /// Wraps `application` in the middleware.
    ///
    /// - Throws: ``MiddlewareListError`` if a change named a type outside the list; the errors of creating middleware.
    package func around(_ application: any Application, in site: SiteContext) throws -> any Application {
        if let mistake { throw mistake }
        var application = application
        for entry in entries.reversed() {
            application = try entry.make(application, site).joined
        }
        return application
    }
}

/// A mistake in a site's ``MiddlewareList``.
public struct MiddlewareListError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The type that is not in the list, and the types that are.
    public let description: String
}
