#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <thread>
#include <unordered_set>

#include "kernel/http/asio.hpp"

#include "kernel/http/answer.hpp"
#include "kernel/http/request_parser.hpp"
#include "kernel/http/work_queue.hpp"

// Inside kernel/http only.
namespace onewindow::http {

class Connection;

/// What all connections of a server share.
class Hub {
   public:
    Hub(ServerOptions options, Handler handler, ProblemWriter problem);

    /// An answer that the server gives by itself.
    Response Problem(const Reason& reason) const;
    /// Runs the handler; what it throws becomes reasons::kBug.
    Response Handle(Request& request) const;
    void ReportBug(std::string_view what) const;

    /// False where no more connections may be had.
    bool AddConnection();
    void RemoveConnection();
    /// False where some were still open after `patience`.
    bool WaitForNoConnections(std::chrono::milliseconds patience);
    std::int64_t connections() const;

    const ServerOptions options;
    std::atomic<bool> draining = false;
    std::atomic<std::int64_t> requests = 0, rejected = 0, streams = 0;
    WorkQueue queue;

   private:
    const Handler handler_;
    const ProblemWriter problem_;
    mutable std::mutex mutex_;
    std::condition_variable removed_;
    std::size_t connections_ = 0;
};

/// One I/O thread. Its connections are touched by that thread alone, but for what Connection says.
struct Loop {
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{
        io.get_executor()};
    std::unordered_set<std::shared_ptr<Connection>> connections;
    /// Bytes pass through here, so that an idle connection holds no buffer.
    std::array<char, 16 * 1024> scratch;
    std::thread thread;
};

/// The handler's end of a stream. Holds the connection while it is open, and at most kBytesMax that were not written.
class StreamLink final : public Stream {
   public:
    static constexpr std::size_t kBytesMax = 256 * 1024;

    explicit StreamLink(std::shared_ptr<Connection> connection);
    bool Send(std::string bytes) override;
    bool IsOpen() const override;
    void Close() override;

    /// For the I/O thread: what to write next, and whether nothing comes after it.
    std::string Take(bool& ended);
    /// What was taken last is written.
    void Written();
    void Disconnect();

   private:
    void Schedule();

    mutable std::mutex mutex_;
    std::shared_ptr<Connection> connection_;
    std::string pending_;
    std::size_t in_flight_ = 0;
    bool ended_ = false;
    bool scheduled_ = false;
};

/// One connection: reads a request, has a worker answer it, writes the answer, begins again. A request that follows in
/// the same bytes is read when the answer before it is written, so answers keep their order.
class Connection final : public Work, public std::enable_shared_from_this<Connection> {
   public:
    Connection(Hub& hub, Loop& loop, boost::asio::ip::tcp::socket socket);

    // On its I/O thread:
    void Start();
    void BeginDrain();
    void Close();
    void FlushStream();

    // On a worker:
    void Run() override;
    void Refuse() override;

    // On any thread:
    Loop& loop() { return loop_; }

   private:
    enum class Phase {
        kIdle,       // Between requests.
        kHeader,     // Some of a header is here.
        kBody,       // The header is here.
        kHandling,   // A worker owns request_.
        kWriting,    // The answer goes out.
        kStreaming,  // stream_ feeds the client.
        kLingering,  // All is said; the client may still be sending.
        kClosed,
    };
    using TakeStream = std::function<void(std::shared_ptr<Stream>)>;
    using Moment = std::chrono::steady_clock::time_point;

    void BecomeIdle();
    void WaitReadable();
    void OnReadable();
    void Parse();
    void SendContinue();
    void Dispatch();
    void Reject(const Reason& reason);
    void Answer(Response response);
    void OnWritten();
    void HandOver(Response& response, const TakeStream& take_stream);
    void BeginStream(const Response& response, std::shared_ptr<StreamLink> stream);
    void EndStream();
    void Linger();
    void Arm(Moment deadline);
    void Disarm();
    void OnTimeout();
    Moment TransferDeadline(Moment start, std::size_t bytes) const;

    Hub& hub_;
    Loop& loop_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    std::uint64_t armed_ = 0;  // Counts, so that an expiry that was already queued is known as stale.
    Phase phase_ = Phase::kIdle;
    std::string peer_;
    std::string inbox_;
    std::optional<RequestParser> parser_;
    Moment body_start_;
    std::size_t body_bytes_ = 0;
    Request request_;
    bool keep_alive_ = false;
    bool is_head_ = false;
    bool is_http_1_0_ = false;
    std::string head_, body_;
    std::shared_ptr<StreamLink> stream_;
    bool stream_writing_ = false;
};

}  // namespace onewindow::http
