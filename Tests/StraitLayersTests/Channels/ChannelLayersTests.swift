import StraitCore
import StraitLayers
import Testing

@Suite struct NamedLayers {
    @Test func `a layer is found by name, and an unknown name throws an error that lists the known layers`() throws {
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "jobs": InMemoryChannelLayer(capacity: 1)]
        #expect(try layers.layer("jobs") === layers["jobs"])
        #expect(try layers.layer() === layers["default"])
        #expect(layers["other"] == nil)
        #expect(throws: LayerError.noLayer("other", known: ["default", "jobs"])) { try layers.layer("other") }
        #expect(
            LayerError.noLayer("other", known: ["default", "jobs"]).description
                == "There is no channel layer named 'other'. Known layers: default, jobs.")
        #expect(
            LayerError.noLayer("other", known: []).description
                == "There is no channel layer named 'other'. Set the site's channelLayers.")
    }

    @Test func `setting a layer replaces the previous one and returns it`() {
        let (first, second) = (InMemoryChannelLayer(), InMemoryChannelLayer())
        let layers: ChannelLayers = ["default": first]
        #expect(layers.set("default", second) === first)
        #expect(layers["default"] === second)
        #expect(layers.set("default", nil) === second)
        #expect(layers["default"] == nil)
    }

    @Test func `a site's services provide its channel layers`() async throws {
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "mine": InMemoryChannelLayer()]
        let services = try Services([layers])
        #expect(try services.getChannelLayer("mine") === layers["mine"])
        #expect(try layers.getChannelLayer() === layers["default"])
        try await services.groupSend(Group<LayerMessage>("nobody"), ["type": "hello"])
        #expect(throws: LayerError.noLayer("default", known: [])) { try Services.none.getChannelLayer() }
    }

    @Test func `errors for invalid channel and group names state the rule`() {
        #expect(
            LayerError.invalidGroupName("¯\\_(ツ)_/¯").description
                == """
                The group name '¯\\_(ツ)_/¯' is not valid. Use at most 99 ASCII letters, digits, hyphens, underscores \
                and periods.
                """
        )
        #expect(
            LayerError.invalidChannelName("a").description
                == """
                The channel name 'a' is not valid. Use at most 99 ASCII letters, digits, hyphens, underscores and \
                periods.
                """
        )
    }
}
