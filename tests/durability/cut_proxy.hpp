#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "kernel/testing/databases.hpp"

// For *_test.cpp only.
namespace onewindow::testing {

/// Stands between a client and a PostgreSQL server and cuts the connection at the COMMIT of a writing transaction.
class CutProxy {
 public:
    enum class Cut {
        kNone,
        kBeforeServer,  // The server never hears of it: not stored.
        kAfterServer,   // The server has answered, the client does not hear of it: stored.
    };

    /// `url`: "host=FOLDER …", as FreshDatabase gives it.
    explicit CutProxy(const std::string& url) {
        const std::size_t begin = url.find("host=") + 5, end = url.find(' ', begin);
        server_ = url.substr(begin, end - begin) + "/.s.PGSQL.5432";
        url_ = "host=" + folder_.path() + url.substr(end);
        const sockaddr_un address = AddressOf(folder_.path() + "/.s.PGSQL.5432");
        listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool listens = bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                             listen(listener_, 16) == 0;
        EXPECT_TRUE(listens);
        acceptor_ = std::jthread([this](const std::stop_token& stop) { Accept(stop); });
    }
    /// Waits for the clients to have closed their connections: declare the database after the proxy.
    ~CutProxy() {
        acceptor_.request_stop();
        acceptor_.join();
        pumps_.clear();
        close(listener_);
    }
    CutProxy(const CutProxy&) = delete;
    CutProxy& operator=(const CutProxy&) = delete;

    const std::string& url() const { return url_; }
    void CutNextCommit(Cut cut) { next_ = cut; }
    int cuts() const { return cuts_; }

 private:
    static sockaddr_un AddressOf(const std::string& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        OW_ASSERT(path.size() < sizeof address.sun_path);
        path.copy(address.sun_path, path.size());
        return address;
    }

    void Accept(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            pollfd waiting{listener_, POLLIN, 0};
            if (poll(&waiting, 1, 20) <= 0) continue;
            const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
            const sockaddr_un address = AddressOf(server_);
            EXPECT_EQ(connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
            pumps_.emplace_back([this, client, server] { Pump(client, server); });
        }
    }

    void Pump(int client, int server) {
        bool writes = false;
        Cut cut = Cut::kNone;
        for (;;) {
            pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            if (poll(ends, 2, -1) < 0) break;
            char bytes[65536];
            if (ends[0].revents != 0) {
                const ssize_t got = read(client, bytes, sizeof bytes);
                if (got <= 0) break;
                cut = OnStatement(std::string_view(bytes, static_cast<std::size_t>(got)), writes);
                if (cut == Cut::kBeforeServer || !Pass(server, bytes, got)) break;
            }
            if (ends[1].revents != 0) {
                const ssize_t got = read(server, bytes, sizeof bytes);
                if (got <= 0 || cut == Cut::kAfterServer || !Pass(client, bytes, got)) break;
            }
        }
        close(client);
        close(server);
    }

    /// Simple statements come as one message: 'Q', four bytes of length, the text, a zero.
    Cut OnStatement(std::string_view sent, bool& writes) {
        if (sent.size() < 6 || sent.front() != 'Q') return Cut::kNone;
        const std::string_view statement = sent.substr(5, sent.size() - 6);
        if (statement.starts_with("BEGIN")) writes = statement == "BEGIN";
        if (statement != "COMMIT" || !writes) return Cut::kNone;
        const Cut cut = next_.exchange(Cut::kNone);
        cuts_ += cut == Cut::kNone ? 0 : 1;
        return cut;
    }

    static bool Pass(int to, const char* bytes, ssize_t size) {
        for (ssize_t done = 0; done < size;) {
            const ssize_t wrote = send(to, bytes + done, static_cast<std::size_t>(size - done), MSG_NOSIGNAL);
            if (wrote <= 0) return false;
            done += wrote;
        }
        return true;
    }

    TemporaryFolder folder_;
    std::string server_, url_;
    int listener_ = -1;
    std::atomic<Cut> next_ = Cut::kNone;
    std::atomic<int> cuts_ = 0;
    std::vector<std::jthread> pumps_;  // The acceptor's; the destructor's once that has ended.
    std::jthread acceptor_;
};

}  // namespace onewindow::testing
