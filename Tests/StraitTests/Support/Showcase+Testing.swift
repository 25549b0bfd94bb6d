import StraitHTTP
import StraitRouting
import StraitWeb

@testable import Strait
@testable import showcase

extension Showcase {
    /// Settings of a developer's machine.
    static var testSettings: Settings {
        var settings = Settings()
        settings.debug = true
        settings.allowedHosts = ["localhost", "testserver"]
        return settings
    }

    /// Returns the examples' application with the site's middleware.
    static func application(isMeasured: Bool = false) throws -> any Application {
        var site = Showcase()
        site.isMeasured = isMeasured
        return try ComposedSite(site, settings: testSettings).application
    }
}
