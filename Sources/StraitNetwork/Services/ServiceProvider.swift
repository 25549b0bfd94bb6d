/// A value that gives access to the services of its site, such as a request, consumer, worker or command context.
public protocol ServiceProvider {
    /// The services of the site.
    var services: Services { get }
}

extension ServiceProvider {
    /// Returns the site's service of this type.
    ///
    /// ```swift
    /// let rooms = try request.service(Rooms.self)
    /// let pool: DatabasePool = try service()      // in a consumer
    /// ```
    ///
    /// - Throws: ``ServiceError/Code/missing`` if the site has no service of this type. The text lists the services
    ///   that it has.
    public func service<S>(_ type: S.Type = S.self) throws(ServiceError) -> S {
        try services.get(type)
    }
}

extension Services: ServiceProvider {
    /// This value itself.
    public var services: Services { self }
}
