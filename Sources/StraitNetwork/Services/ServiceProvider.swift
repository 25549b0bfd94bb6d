/// A value that knows the services of its site: a request, a scope, a consumer, a worker, a command's context, a
/// test's site.
public protocol ServiceProvider {
    /// The services of the site.
    var services: Services { get }
}

extension ServiceProvider {
    /// The site's service of this type.
    ///
    /// ```swift
    /// let rooms = try request.service(Rooms.self)
    /// let pool: DatabasePool = try service()      // in a consumer
    /// ```
    ///
    /// - Throws: ``ServiceError/Code/missing`` if the site has none, with a text that says which there are.
    public func service<S>(_ type: S.Type = S.self) throws(ServiceError) -> S {
        try services.get(type)
    }
}

extension Services: ServiceProvider {
    public var services: Services { self }
}
