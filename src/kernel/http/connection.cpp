#include "kernel/http/connection.hpp"

#include <boost/asio/buffer.hpp>

#include "kernel/http/url.hpp"

namespace onewindow::http {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

// How long the client's remaining bytes are read and thrown away. Closing with unread bytes resets the connection, and
// the client might lose the answer (RFC 9112 9.6).
constexpr std::chrono::milliseconds kLinger{2'000};

/// Gives the memory back, which clear() and assignment do not.
void Release(std::string& text) { std::string().swap(text); }

}  // namespace

StreamLink::StreamLink(std::shared_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

bool StreamLink::Send(std::string bytes) {
    const std::lock_guard lock(mutex_);
    if (!connection_ || ended_) return false;
    if (bytes.empty()) return true;
    if (pending_.size() + in_flight_ + bytes.size() > kBytesMax) {
        // What waits still goes out, if the client takes it in time: so one that catches up after a break moves on by
        // 256 KiB each time, whatever it missed.
        ended_ = true;
        Schedule();
        return false;
    }
    pending_ += bytes;
    Schedule();
    return true;
}

bool StreamLink::IsOpen() const {
    const std::lock_guard lock(mutex_);
    return connection_ && !ended_;
}

void StreamLink::Close() {
    const std::lock_guard lock(mutex_);
    if (!connection_ || ended_) return;
    ended_ = true;
    Schedule();
}

void StreamLink::Schedule() {
    if (std::exchange(scheduled_, true)) return;
    asio::post(connection_->loop().io, [connection = connection_] { connection->FlushStream(); });
}

std::string StreamLink::Take(bool& ended) {
    const std::lock_guard lock(mutex_);
    scheduled_ = false;
    ended = ended_;
    in_flight_ = pending_.size();
    return std::exchange(pending_, {});
}

void StreamLink::Written() {
    const std::lock_guard lock(mutex_);
    in_flight_ = 0;
}

void StreamLink::Disconnect() {
    std::shared_ptr<Connection> released;  // Outside the lock: it may be the last.
    const std::lock_guard lock(mutex_);
    released.swap(connection_);
}

Connection::Connection(Hub& hub, Loop& loop, asio::ip::tcp::socket socket)
    : hub_(hub), loop_(loop), socket_(std::move(socket)), timer_(loop.io) {}

void Connection::Start() {
    error_code ec;
    const auto peer = socket_.remote_endpoint(ec);
    if (!ec) peer_ = peer.address().to_string();
    if (!ec) socket_.non_blocking(true, ec);
    // Best effort: answers are whole writes, and dead stream clients are found in the end.
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.set_option(asio::socket_base::keep_alive(true), ignored);
    loop_.connections.insert(shared_from_this());
    if (ec) return Close();
    BecomeIdle();
}

void Connection::BeginDrain() {
    error_code ec;
    // A request that is already in the socket was sent before the client could know.
    if (phase_ == Phase::kIdle && socket_.available(ec) == 0) return Close();
    if (phase_ == Phase::kStreaming) stream_->Close();
}

void Connection::Close() {
    if (phase_ == Phase::kClosed) return;
    const auto self = shared_from_this();
    phase_ = Phase::kClosed;
    Disarm();
    error_code ignored;
    socket_.close(ignored);
    if (stream_) {
        --hub_.streams;
        stream_->Disconnect();
        stream_.reset();
    }
    loop_.connections.erase(self);
    hub_.RemoveConnection();
}

void Connection::BecomeIdle() {
    phase_ = Phase::kIdle;
    parser_.emplace(hub_.options);
    request_ = {};
    Release(head_);
    Release(body_);
    Arm(steady_clock::now() + hub_.options.idle_timeout);
    if (!inbox_.empty()) return Parse();
    Release(inbox_);
    error_code ec;
    if (hub_.draining && socket_.available(ec) == 0) return Close();
    WaitReadable();
}

void Connection::WaitReadable() {
    socket_.async_wait(asio::socket_base::wait_read,
                       [self = shared_from_this()](const error_code& ec) {
                           if (!ec) self->OnReadable();
                       });
}

void Connection::OnReadable() {
    // A wait that had ended already when the phase changed.
    if (phase_ == Phase::kHandling || phase_ == Phase::kWriting || phase_ == Phase::kClosed) return;
    error_code ec;
    const std::size_t count = socket_.read_some(asio::buffer(loop_.scratch), ec);
    if (ec == asio::error::would_block || ec == asio::error::interrupted) return WaitReadable();
    if (ec) return Close();
    if (phase_ == Phase::kLingering || phase_ == Phase::kStreaming) return WaitReadable();
    inbox_.append(loop_.scratch.data(), count);
    if (phase_ == Phase::kBody) body_bytes_ += count;
    Parse();
}

void Connection::Parse() {
    if (phase_ == Phase::kIdle) {
        phase_ = Phase::kHeader;
        Arm(steady_clock::now() + hub_.options.header_timeout);
    }
    for (;;) {
        std::size_t used = 0;
        const auto progress = parser_->Read(inbox_, used);
        inbox_.erase(0, used);
        if (progress == RequestParser::Progress::kRefused) return Reject(parser_->reason());
        if (progress == RequestParser::Progress::kDone) return Dispatch();
        if (progress == RequestParser::Progress::kHeaderDone) {
            phase_ = Phase::kBody;
            body_start_ = steady_clock::now();
            body_bytes_ = inbox_.size();
            Arm(TransferDeadline(body_start_, body_bytes_));
            if (parser_->expects_continue() && inbox_.empty()) return SendContinue();
            continue;
        }
        if (phase_ == Phase::kBody) Arm(TransferDeadline(body_start_, body_bytes_));
        return WaitReadable();
    }
}

void Connection::SendContinue() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(socket_, asio::buffer(kContinue),
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                          if (self->phase_ != Phase::kBody) return;
                          if (ec) return self->Close();
                          self->WaitReadable();
                      });
}

void Connection::Dispatch() {
    phase_ = Phase::kHandling;
    Disarm();
    ++hub_.requests;
    keep_alive_ = parser_->keep_alive();
    is_head_ = parser_->method() == "HEAD";
    is_http_1_0_ = parser_->is_http_1_0();
    request_ = parser_->TakeRequest();
    request_.peer = peer_;
    if (hub_.queue.TryPush(shared_from_this())) return;
    ++hub_.rejected;
    Answer(hub_.Problem(reasons::kOverloaded));
}

void Connection::Run() {
    Response response = hub_.Handle(request_);
    if (response.status == kStatusNone) {
        asio::post(loop_.io, [self = shared_from_this()] { self->Close(); });
        return;
    }
    auto take_stream = std::exchange(response.stream, {});
    if (!take_stream || is_head_ || !MayHaveBody(response.status)) {
        asio::post(loop_.io, [self = shared_from_this(), response = std::move(response)]() mutable {
            self->Answer(std::move(response));
        });
        return;
    }
    HandOver(response, take_stream);
}

void Connection::HandOver(Response& response, const TakeStream& take_stream) {
    const auto stream = std::make_shared<StreamLink>(shared_from_this());
    asio::post(loop_.io, [self = shared_from_this(), response = std::move(response), stream] {
        self->BeginStream(response, stream);
    });
    // Whoever drops the last handle can never send again, so the client need not wait.
    std::shared_ptr<Stream> handle(stream.get(), [stream](Stream*) { stream->Close(); });
    try {
        take_stream(std::move(handle));
    } catch (const std::exception& thrown) {
        hub_.ReportBug(thrown.what());
        stream->Close();
    } catch (...) {
        hub_.ReportBug("not a std::exception");
        stream->Close();
    }
}

void Connection::Refuse() {
    asio::post(loop_.io, [self = shared_from_this()] {
        self->Answer(self->hub_.Problem(reasons::kDraining));
    });
}

void Connection::Reject(const Reason& reason) {
    keep_alive_ = false;
    is_head_ = parser_->method() == "HEAD";
    is_http_1_0_ = false;
    Answer(hub_.Problem(reason));
}

void Connection::Answer(Response response) {
    if (phase_ == Phase::kClosed) return;
    if (hub_.draining || EqualsIgnoringCase(response.headers.Get("Connection"), "close")) {
        keep_alive_ = false;
    }
    const HeadOptions options{.keep_alive = keep_alive_,
                              .is_http_1_0 = is_http_1_0_,
                              .is_head = is_head_};
    head_ = RenderHead(response, options);
    if (!is_head_ && MayHaveBody(response.status)) body_ = std::move(response.body);
    phase_ = Phase::kWriting;
    Arm(TransferDeadline(steady_clock::now(), head_.size() + body_.size()));
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_), asio::buffer(body_)};
    asio::async_write(socket_, buffers,
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                          if (self->phase_ != Phase::kWriting) return;
                          if (ec) return self->Close();
                          self->OnWritten();
                      });
}

void Connection::OnWritten() {
    if (!keep_alive_ || hub_.draining) return Linger();
    BecomeIdle();
}

void Connection::BeginStream(const Response& response, std::shared_ptr<StreamLink> stream) {
    if (phase_ == Phase::kClosed) return stream->Disconnect();
    phase_ = Phase::kStreaming;
    stream_ = std::move(stream);
    ++hub_.streams;
    if (hub_.draining) stream_->Close();
    head_ = RenderHead(response, {.framing = is_http_1_0_ ? Framing::kToClose : Framing::kChunked});
    stream_writing_ = true;
    Arm(TransferDeadline(steady_clock::now(), head_.size()));
    WaitReadable();  // Learns when the client goes away.
    asio::async_write(socket_, asio::buffer(head_),
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                          if (self->phase_ != Phase::kStreaming) return;
                          if (ec) return self->Close();
                          self->stream_writing_ = false;
                          self->FlushStream();
                      });
}

void Connection::FlushStream() {
    if (phase_ != Phase::kStreaming || stream_writing_) return;
    bool ended = false;
    const std::string text = stream_->Take(ended);
    if (text.empty()) {
        Disarm();
        if (ended) EndStream();
        return;
    }
    head_ = is_http_1_0_ ? text : RenderChunk(text);
    stream_writing_ = true;
    Arm(TransferDeadline(steady_clock::now(), head_.size()));
    asio::async_write(socket_, asio::buffer(head_),
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                          if (self->phase_ != Phase::kStreaming) return;
                          if (ec) return self->Close();
                          self->stream_writing_ = false;
                          self->stream_->Written();
                          self->FlushStream();
                      });
}

void Connection::EndStream() {
    head_ = is_http_1_0_ ? "" : "0\r\n\r\n";
    stream_writing_ = true;
    Arm(TransferDeadline(steady_clock::now(), head_.size()));
    asio::async_write(socket_, asio::buffer(head_),
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                          if (self->phase_ != Phase::kStreaming) return;
                          if (ec) return self->Close();
                          error_code ignored;
                          self->socket_.cancel(ignored);
                          self->Linger();
                      });
}

void Connection::Linger() {
    phase_ = Phase::kLingering;
    Release(inbox_);
    Arm(steady_clock::now() + kLinger);
    error_code ec;
    socket_.shutdown(asio::socket_base::shutdown_send, ec);
    if (ec) return Close();
    WaitReadable();
}

void Connection::Arm(Moment deadline) {
    timer_.expires_at(deadline);
    timer_.async_wait([self = shared_from_this(), armed = ++armed_](const error_code& ec) {
        if (!ec && armed == self->armed_) self->OnTimeout();
    });
}

void Connection::Disarm() {
    ++armed_;
    timer_.cancel();
}

void Connection::OnTimeout() {
    if (phase_ != Phase::kHeader && phase_ != Phase::kBody) return Close();
    error_code ignored;
    socket_.cancel(ignored);
    Reject(reasons::kTimeout);
}

Connection::Moment Connection::TransferDeadline(Moment start, std::size_t bytes) const {
    const std::size_t more_ms = bytes * 1'000 / hub_.options.bytes_per_second_min;
    return start + hub_.options.body_timeout +
           std::chrono::milliseconds(static_cast<std::int64_t>(more_ms));
}

}  // namespace onewindow::http
