import Foundation
import StraitCommandLine
import TestFolders
import Testing

@testable import StraitCommand

@Suite struct CheckoutTests {
    private let folder = try! TemporaryFolder()

    private func makeCheckout(_ name: String) throws {
        try folder.makeFolder(name)
        try folder.write("let package = Package(\n    name: \"strait\",\n)", to: name + "/Package.swift")
    }

    @Test func `a checkout is found from a program that was built in it`() throws {
        try makeCheckout("clone")
        try folder.makeFolder("clone/.build/debug")
        #expect(try Checkout(above: folder("clone/.build/debug/strait")).path == folder("clone"))
    }

    @Test func `a package with another name is not a checkout`() throws {
        try makeCheckout("clone")
        try folder.makeFolder("clone/inner/.build")
        try folder.write("let package = Package(name: \"straits\")", to: "clone/inner/Package.swift")
        #expect(try Checkout(above: folder("clone/inner/.build/strait")).path == folder("clone"))
        #expect(
            throws: CommandError(
                """
                There is no checkout of Strait at \(folder("clone/inner")). Give --strait the folder that has \
                Strait's Package.swift.
                """
            )
        ) { try Checkout(at: folder("clone/inner")) }
    }

    @Test func `a program outside a checkout asks for --strait`() throws {
        #expect(
            throws: CommandError(
                """
                \(folder("strait")) is not in a checkout of Strait, which projects depend on. Give a checkout with \
                --strait PATH.
                """
            )
        ) { try Checkout(above: folder("strait")) }
    }

    @Test func `symbolic links are followed`() throws {
        try makeCheckout("clone")
        try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("clone"))
        #expect(try Checkout(at: folder("link")).path == folder("clone"))
    }

    @Test(arguments: [
        ("site", "../clone"), ("sites/blog", "../../clone"), ("clone/site", ".."), ("clone/a/b", "../.."),
        ("clones", "../clone"),
    ])
    func `a nearby project gets a relative path to the checkout`(site: String, path: String) throws {
        try makeCheckout("clone")
        #expect(try Checkout(at: folder("clone")).path(from: folder(site)) == path)
    }

    @Test func `a distant project gets an absolute path to the checkout`() throws {
        try makeCheckout("far/clone")
        let checkout = try Checkout(at: folder("far/clone"))
        #expect(checkout.path(from: folder("site")) == folder("far/clone"))
        #expect(checkout.path(from: "/site") == folder("far/clone"))
    }

    @Test func `the checkout of these tests is recognized`() throws {
        #expect(try Checkout(at: OwnCheckout.path).path == OwnCheckout.path)
    }
}
