import FolderApp
import StraitDatabase
import TestFolders
import Testing

@testable import Strait

@Suite struct SiteDatabases {
    private struct LeafSite: Site {
        var installedApps: [any App] { [FolderApp()] }
    }
    private struct PlainSite: Site {}

    @Test func `a site with models has its databases as services`() async throws {
        try await withTemporaryFolder { folder in
            var settings = Settings()
            settings.debug = true
            settings.databaseURL = "sqlite:///\(folder)/a.db"
            settings["DATABASE_URL_ARCHIVE"] = "sqlite:///\(folder)/b.db"
            let site = try ComposedSite(LeafSite(), settings: settings)
            let databases = try site.services.get(Databases.self)
            #expect(try site.services.get(Database.self) === databases.default)
            let archive = try #require(databases["archive"])
            try await archive.execute("CREATE TABLE t (a)")
            #expect(databases["other"] == nil)
            await site.stop()
        }
    }

    @Test func `a site without models has no database`() throws {
        let site = try ComposedSite(PlainSite(), settings: Settings())
        #expect(site.services.find(Databases.self) == nil)
    }

    @Test func `a URL that cannot be read is an error with the setting's name`() {
        var settings = Settings()
        settings.debug = true
        settings.databaseURL = "mysql://x/y"
        #expect {
            try ComposedSite(PlainSite(), settings: settings)
        } throws: { "\($0)".hasPrefix("DATABASE_URL: ") }
    }
}
