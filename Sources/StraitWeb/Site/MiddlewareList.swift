public import StraitRouting

/// The middleware of a site, the outermost first; Django's `MIDDLEWARE`.
///
/// ```swift
/// var middleware: MiddlewareList {
///     .standard
///         .inserting(TenantMiddleware.init, after: SecurityMiddleware.self)
///         .removing(XFrameOptionsMiddleware.self)
/// }
/// ```
///
/// The router with all routes of the site and its apps is always within. A name that is not in the list is an error when
/// the site is put together, and `check` reports it.
public struct MiddlewareList: Sendable {
    private struct Entry: Sendable {
        let type: any Middleware.Type
        let make: @Sendable (any Application, SiteContext) throws -> any Middleware
    }

    private var entries: [Entry] = []
    /// The first mistake that was made in putting the list together.
    private var mistake: MiddlewareListError?

    /// No middleware. Requests for any host are answered then, and forged ones are not told from others.
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

    /// The types in the list, the outermost first.
    public var types: [any Middleware.Type] { entries.map(\.type) }

    // MARK: Changing it

    /// This list with the middleware that `make` puts around an application as its innermost.
    public func appending<M: Middleware>(
        _ make: @escaping @Sendable (any Application) throws -> M
    ) -> MiddlewareList {
        appending { inner, _ in try make(inner) }
    }

    /// This list with the middleware that `make` puts around an application, for a site, as its innermost.
    public func appending<M: Middleware>(
        _ make: @escaping @Sendable (any Application, SiteContext) throws -> M
    ) -> MiddlewareList {
        changed { $0.entries.append(Entry(type: M.self, make: make)) }
    }

    /// This list with the middleware that `make` puts around an application directly outside of `other`.
    public func inserting<M: Middleware>(
        _ make: @escaping @Sendable (any Application) throws -> M, before other: any Middleware.Type
    ) -> MiddlewareList {
        inserting({ inner, _ in try make(inner) }, before: other)
    }

    /// This list with the middleware that `make` puts around an application, for a site, directly outside of `other`.
    public func inserting<M: Middleware>(
        _ make: @escaping @Sendable (any Application, SiteContext) throws -> M, before other: any Middleware.Type
    ) -> MiddlewareList {
        changed(at: other) { $0.entries.insert(Entry(type: M.self, make: make), at: $1) }
    }

    /// This list with the middleware that `make` puts around an application directly within `other`.
    public func inserting<M: Middleware>(
        _ make: @escaping @Sendable (any Application) throws -> M, after other: any Middleware.Type
    ) -> MiddlewareList {
        inserting({ inner, _ in try make(inner) }, after: other)
    }

    /// This list with the middleware that `make` puts around an application, for a site, directly within `other`.
    public func inserting<M: Middleware>(
        _ make: @escaping @Sendable (any Application, SiteContext) throws -> M, after other: any Middleware.Type
    ) -> MiddlewareList {
        changed(at: other) { $0.entries.insert(Entry(type: M.self, make: make), at: $1 + 1) }
    }

    /// This list with the middleware that `make` puts around an application in the place of `other`.
    public func replacing<M: Middleware>(
        _ other: any Middleware.Type, with make: @escaping @Sendable (any Application) throws -> M
    ) -> MiddlewareList {
        replacing(other) { inner, _ in try make(inner) }
    }

    /// This list with the middleware that `make` puts around an application, for a site, in the place of `other`.
    public func replacing<M: Middleware>(
        _ other: any Middleware.Type, with make: @escaping @Sendable (any Application, SiteContext) throws -> M
    ) -> MiddlewareList {
        changed(at: other) { $0.entries[$1] = Entry(type: M.self, make: make) }
    }

    /// This list without `other`.
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

    // MARK: Putting it together

    /// The middleware around `application`.
    ///
    /// - Throws: ``MiddlewareListError`` if the list named a type that it does not have; the errors of making middleware.
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
    public let description: String
}
