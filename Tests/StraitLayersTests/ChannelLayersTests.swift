import StraitLayers
import StraitNetwork
import Testing

@Suite struct NamedLayers {
    @Test func `layers are found by name, and one that there is none of is an error that names those there are`() throws
    {
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "jobs": InMemoryChannelLayer(capacity: 1)]
        #expect(try layers.layer("jobs") === layers["jobs"])
        #expect(try layers.layer() === layers["default"])
        #expect(layers["other"] == nil)
        #expect(throws: LayerError.noLayer("other", known: ["default", "jobs"])) { try layers.layer("other") }
        #expect(
            LayerError.noLayer("other", known: ["default", "jobs"]).description
                == "There is no channel layer named 'other'. There is default, jobs.")
        #expect(
            LayerError.noLayer("other", known: []).description
                == "There is no channel layer named 'other'. Give the site its channelLayers.")
    }

    @Test func `a layer can be put in another's place, which is returned`() {
        let (first, second) = (InMemoryChannelLayer(), InMemoryChannelLayer())
        let layers: ChannelLayers = ["default": first]
        #expect(layers.set("default", second) === first)
        #expect(layers["default"] === second)
        #expect(layers.set("default", nil) === second)
        #expect(layers["default"] == nil)
    }

    @Test func `layers are found among the services of a site`() async throws {
        let layers: ChannelLayers = ["default": InMemoryChannelLayer(), "mine": InMemoryChannelLayer()]
        let services = try Services([layers])
        #expect(try services.getChannelLayer("mine") === layers["mine"])
        #expect(try layers.getChannelLayer() === layers["default"])
        try await services.groupSend(Group<LayerMessage>("nobody"), ["type": "hello"])
        #expect(throws: LayerError.noLayer("default", known: [])) { try Services.none.getChannelLayer() }
    }

    @Test func `a name that is too long or has other characters is refused with the rule`() {
        #expect(
            LayerError.invalidGroupName("¯\\_(ツ)_/¯").description
                == "The group name '¯\\_(ツ)_/¯' is not valid. Give one of at most 99 ASCII letters, digits, hyphens, underscores or periods."
        )
        #expect(
            LayerError.invalidChannelName("a").description
                == "The channel name 'a' is not valid. Give one of at most 99 ASCII letters, digits, hyphens, underscores or periods."
        )
    }
}
