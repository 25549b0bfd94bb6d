public import StraitCore
public import StraitDatabase
public import StraitHTTP
import StraitWeb

extension ServiceProvider {
    /// The site's default database, which `DATABASE_URL` names.
    ///
    /// - Throws: ``/StraitCore/ServiceError`` if the site has no models and names no database.
    public var database: Database {
        get throws(ServiceError) { try services.get(Database.self) }
    }
}

extension Request {
    /// The site's default database, which `DATABASE_URL` names.
    ///
    /// With `DEBUG`, the log has a warning if a statement runs ten times during the request: a loop that sends a query
    /// for each row.
    ///
    /// - Throws: ``/StraitCore/ServiceError`` if the site has no models and names no database.
    public var database: Database {
        get throws(ServiceError) {
            let database: Database = try services.get()
            guard services.find(SiteContext.self)?.settings.debug == true else { return database }
            let (log, path) = (log, path)
            return storage.value(Database.self) {
                let watch = StatementWatch { text in
                    log.warning(
                        """
                        query in a loop path=\(path) runs=\(StatementWatch.limit) sql="\(text)". Read all rows with \
                        one query: selectRelated, grouped(by:of:in:) or a subquery.
                        """)
                }
                return database.watched(by: watch)
            }
        }
    }
}
