import Strait

/// A job: `{"type": "job.run", "id": 7, "reply": CHANNEL}`, or with `reply_group`.
struct JobRun: ChannelMessage {
    enum CodingKeys: String, CodingKey {
        case id, reply
        case replyGroup = "reply_group"
    }

    static let type = "job.run"
    var id: Int
    var reply: String?
    var replyGroup: String?
}

/// The reply to a finished job.
struct JobDone: ChannelMessage {
    static let type = "job.done"
    var id: Int
    var by = "strait"
    var channel: String
}

/// Handles jobs and replies to their senders: `showcase runworker thumbnails resize`.
final class JobWorker: WorkerConsumer {
    override func begin() async throws {
        on(JobRun.self) { worker, job in
            let done = try LayerMessage(encoding: JobDone(id: job.id, channel: worker.scope.channel ?? ""))
            if let channel = job.reply { try await worker.channelLayer.send(channel, done) }
            if let group = job.replyGroup { try await worker.channelLayer.groupSend(group, done) }
        }
    }
}
