#include "instruments.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <unordered_map>

#include "counters.hpp"
#include "kernel/crypto/crypto.hpp"
#include "kernel/db/db.hpp"
#include "kernel/documents/page.hpp"
#include "kernel/http/client.hpp"
#include "kernel/http/server.hpp"
#include "kernel/sealing/sealing.hpp"
#include "recording.hpp"

namespace onewindow::bench {
namespace {

Counters* counters = nullptr;  // Null: nothing is measured.
std::string counters_path;
thread_local bool inside_closure = false;
thread_local bool inside_crypto = false;  // The outermost door counts: look-ups digest, digests do not look up.

/// Charges the calling thread's CPU from here to the end of the scope.
class Charge {
   public:
    Charge(Count count, Count time, bool crypto) : count_(count), time_(time), crypto_(crypto) {
        on_ = counters != nullptr && !(crypto && inside_crypto);
        if (!on_) return;
        if (crypto) inside_crypto = true;
        from_ = ThreadNs();
    }
    ~Charge() {
        if (!on_) return;
        const std::int64_t spent = ThreadNs() - from_;
        counters->Add(count_, 1);
        counters->Add(time_, spent);
        if (crypto_) inside_crypto = false;
        if (crypto_ && inside_closure) counters->Add(Count::kCryptoInClosures, spent);
    }
    Charge(const Charge&) = delete;
    Charge& operator=(const Charge&) = delete;

   private:
    Count count_, time_;
    bool crypto_, on_ = false;
    std::int64_t from_ = 0;
};

/// Keeps what the database was asked. Blocks are put together on their own thread and appended as they end.
class Recorder {
   public:
    std::uint32_t IndexOf(std::string_view sql) {
        const std::lock_guard lock(mutex_);
        const auto [found, added] = index_.try_emplace(std::string(sql), static_cast<std::uint32_t>(recording_.statements.size()));
        if (added) recording_.statements.emplace_back(sql);
        return found->second;
    }
    void Append(Block&& block) {
        block.in_window = counters->Get(Count::kWindow) == 1;
        const std::lock_guard lock(mutex_);
        recording_.blocks.push_back(std::move(block));
    }
    const Recording& recording() const { return recording_; }

   private:
    std::mutex mutex_;
    std::unordered_map<std::string, std::uint32_t> index_;
    Recording recording_;
};

Recorder& TheRecorder() {
    static Recorder recorder;
    return recorder;
}

thread_local Block* open_block = nullptr;
thread_local Block writer_block;

/// The statements around the closures, which only the connection sees. Only the writer begins with BEGIN IMMEDIATE.
int OnStatement(unsigned, void*, void*, void* text) {
    const std::string_view sql = static_cast<const char*>(text);
    if (sql == "BEGIN IMMEDIATE") {
        writer_block = Block{.writes = true};
        open_block = &writer_block;
        counters->Set(Count::kWriterThread, gettid());
    }
    if (open_block != &writer_block) return 0;
    const bool ends = sql == "COMMIT" || sql == "ROLLBACK";
    if (ends || sql == "BEGIN IMMEDIATE" || sql.starts_with("SAVEPOINT") || sql.starts_with("RELEASE") || sql.starts_with("ROLLBACK TO")) {
        writer_block.operations.push_back({.statement = TheRecorder().IndexOf(sql)});
    }
    if (!ends) return 0;
    open_block = nullptr;
    TheRecorder().Append(std::move(writer_block));
    return 0;
}

int OnConnection(sqlite3* connection, const char**, const void*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, &OnStatement, nullptr);
}

class MeasuredTransaction final : public db::Transaction {
   public:
    explicit MeasuredTransaction(db::Transaction& inner) : inner_(inner) {}
    db::Engine engine() const override { return inner_.engine(); }
    void AfterCommit(std::function<void()> action) override { inner_.AfterCommit(std::move(action)); }

    Result<db::Rows> Run(const db::Query& query, std::vector<db::Value> parameters) override {
        Note(Operation::Kind::kRead, query, parameters);
        auto answer = inner_.Run(query, std::move(parameters));
        if (open_block != nullptr && answer) open_block->operations.back().outcome = static_cast<std::int64_t>(answer->size());
        return answer;
    }
    Result<std::int64_t> Change(const db::Query& query, std::vector<db::Value> parameters) override {
        Note(Operation::Kind::kChange, query, parameters);
        auto answer = inner_.Change(query, std::move(parameters));
        if (open_block != nullptr && answer) open_block->operations.back().outcome = *answer;
        return answer;
    }

   private:
    static void Note(Operation::Kind kind, const db::Query& query, const std::vector<db::Value>& parameters) {
        if (open_block != nullptr) open_block->operations.push_back({kind, TheRecorder().IndexOf(query.sql), parameters});
    }
    db::Transaction& inner_;
};

class MeasuredDatabase final : public db::Database {
   public:
    explicit MeasuredDatabase(std::unique_ptr<db::Database> inner) : inner_(std::move(inner)) {}
    db::Engine engine() const override { return inner_->engine(); }
    Counts counts() const override { return inner_->counts(); }
    bool broken() const override { return inner_->broken(); }
    Result<> Prepare(const db::Query& query) override { return inner_->Prepare(query); }

   protected:
    Result<> DoWrite(const std::function<Result<>(db::Transaction&)>& closure) override {
        const Charge charge(Count::kWrites, Count::kWritesNs, false);
        return inner_->Write([&](db::Transaction& tx) { return RunClosure(tx, closure); });
    }
    Result<> DoRead(const std::function<Result<>(db::Transaction&)>& closure) override {
        Block block;
        open_block = &block;
        auto outcome = [&] {
            const Charge charge(Count::kReads, Count::kReadsNs, false);
            return inner_->Read([&](db::Transaction& tx) { return RunClosure(tx, closure); });
        }();
        open_block = nullptr;
        TheRecorder().Append(std::move(block));
        return outcome;
    }

   private:
    static Result<> RunClosure(db::Transaction& tx, const std::function<Result<>(db::Transaction&)>& closure) {
        inside_closure = true;
        MeasuredTransaction measured(tx);
        Result<> outcome = closure(measured);
        inside_closure = false;
        return outcome;
    }
    std::unique_ptr<db::Database> inner_;
};

class MeasuredOutside final : public http::Outside {
   public:
    explicit MeasuredOutside(std::unique_ptr<http::Outside> inner) : inner_(std::move(inner)) {}
    Result<http::Answer> Send(const http::Call& call) override {
        const Charge charge(Count::kCalls, Count::kCallsNs, false);
        return inner_->Send(call);
    }

   private:
    std::unique_ptr<http::Outside> inner_;
};

std::mutex documents_mutex;
std::vector<documents::Document> rendered;

}  // namespace

// Doors of the service. `Real…` is what the service would have called.
Result<std::unique_ptr<db::Database>> RealOpen(std::string_view url) asm("__real__ZN9onewindow2db4OpenESt17basic_string_viewIcSt11char_traitsIcEE");
Result<std::unique_ptr<db::Database>> WrappedOpen(std::string_view url) asm("__wrap__ZN9onewindow2db4OpenESt17basic_string_viewIcSt11char_traitsIcEE");
Result<std::unique_ptr<db::Database>> WrappedOpen(std::string_view url) {
    auto opened = RealOpen(url);
    if (counters == nullptr || !opened) return opened;
    return std::make_unique<MeasuredDatabase>(*std::move(opened));
}

std::unique_ptr<http::Outside> RealMakeOutside() asm("__real__ZN9onewindow4http11MakeOutsideEv");
std::unique_ptr<http::Outside> WrappedMakeOutside() asm("__wrap__ZN9onewindow4http11MakeOutsideEv");
std::unique_ptr<http::Outside> WrappedMakeOutside() {
    if (counters == nullptr) return RealMakeOutside();
    return std::make_unique<MeasuredOutside>(RealMakeOutside());
}

#define ONEWINDOW_START_SERVER "_ZN9onewindow4http11StartServerERKNS0_13ServerOptionsESt8functionIFNS0_8ResponseERNS0_7RequestEEES4_IFS5_RKNS_6ReasonEEE"
Result<std::unique_ptr<http::Server>> RealStartServer(const http::ServerOptions&, http::Handler, http::ProblemWriter) asm("__real_" ONEWINDOW_START_SERVER);
Result<std::unique_ptr<http::Server>> WrappedStartServer(const http::ServerOptions&, http::Handler, http::ProblemWriter) asm("__wrap_" ONEWINDOW_START_SERVER);
Result<std::unique_ptr<http::Server>> WrappedStartServer(const http::ServerOptions& options, http::Handler handler, http::ProblemWriter problem) {
    if (counters == nullptr) return RealStartServer(options, std::move(handler), std::move(problem));
    return RealStartServer(options, [handler = std::move(handler)](http::Request& request) {
        const Charge charge(Count::kRequests, Count::kRequestsNs, false);
        return handler(request);
    }, std::move(problem));
}

Result<std::string> RealRender(const documents::Document&) asm("__real__ZN9onewindow9documents9RenderPdfB5cxx11ERKNS0_8DocumentE");
Result<std::string> WrappedRender(const documents::Document&) asm("__wrap__ZN9onewindow9documents9RenderPdfB5cxx11ERKNS0_8DocumentE");
Result<std::string> WrappedRender(const documents::Document& document) {
    if (counters != nullptr && counters->Get(Count::kWindow) == 1) {
        const std::lock_guard lock(documents_mutex);
        rendered.push_back(document);
    }
    const Charge charge(Count::kRenderings, Count::kRenderingsNs, false);
    return RealRender(document);
}

// Members take the object as their first parameter.
#define ONEWINDOW_SEALER(name) "_ZNK9onewindow7sealing6Sealer" name "B5cxx11ESt17basic_string_viewIcSt11char_traitsIcEES5_"
std::string RealSeal(const sealing::Sealer*, std::string_view, std::string_view) asm("__real_" ONEWINDOW_SEALER("4Seal"));
std::string WrappedSeal(const sealing::Sealer*, std::string_view, std::string_view) asm("__wrap_" ONEWINDOW_SEALER("4Seal"));
std::string WrappedSeal(const sealing::Sealer* sealer, std::string_view plain, std::string_view place) {
    const Charge charge(Count::kSeals, Count::kSealsNs, true);
    return RealSeal(sealer, plain, place);
}

Result<std::string> RealUnseal(const sealing::Sealer*, std::string_view, std::string_view) asm("__real_" ONEWINDOW_SEALER("4Open"));
Result<std::string> WrappedUnseal(const sealing::Sealer*, std::string_view, std::string_view) asm("__wrap_" ONEWINDOW_SEALER("4Open"));
Result<std::string> WrappedUnseal(const sealing::Sealer* sealer, std::string_view sealed, std::string_view place) {
    const Charge charge(Count::kSeals, Count::kSealsNs, true);
    return RealUnseal(sealer, sealed, place);
}

std::string RealLookup(const sealing::Sealer*, std::string_view, std::string_view) asm("__real_" ONEWINDOW_SEALER("10LookupHash"));
std::string WrappedLookup(const sealing::Sealer*, std::string_view, std::string_view) asm("__wrap_" ONEWINDOW_SEALER("10LookupHash"));
std::string WrappedLookup(const sealing::Sealer* sealer, std::string_view value, std::string_view purpose) {
    const Charge charge(Count::kSeals, Count::kSealsNs, true);
    return RealLookup(sealer, value, purpose);
}

std::string RealSm3(std::string_view) asm("__real__ZN9onewindow6crypto3Sm3B5cxx11ESt17basic_string_viewIcSt11char_traitsIcEE");
std::string WrappedSm3(std::string_view) asm("__wrap__ZN9onewindow6crypto3Sm3B5cxx11ESt17basic_string_viewIcSt11char_traitsIcEE");
std::string WrappedSm3(std::string_view message) {
    const Charge charge(Count::kSeals, Count::kSealsNs, true);
    return RealSm3(message);
}

std::string RealSha256(std::string_view) asm("__real__ZN9onewindow6crypto6Sha256B5cxx11ESt17basic_string_viewIcSt11char_traitsIcEE");
std::string WrappedSha256(std::string_view) asm("__wrap__ZN9onewindow6crypto6Sha256B5cxx11ESt17basic_string_viewIcSt11char_traitsIcEE");
std::string WrappedSha256(std::string_view message) {
    const Charge charge(Count::kSeals, Count::kSealsNs, true);
    return RealSha256(message);
}

extern "C" {
int __real_EVP_DigestSign(EVP_MD_CTX*, unsigned char*, std::size_t*, const unsigned char*, std::size_t);
int __wrap_EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, std::size_t* size, const unsigned char* message, std::size_t length) {
    // Without a place for it only the size is asked.
    if (signature == nullptr) return __real_EVP_DigestSign(context, signature, size, message, length);
    const Charge charge(Count::kSigns, Count::kSignsNs, true);
    return __real_EVP_DigestSign(context, signature, size, message, length);
}

int __real_EVP_DigestVerify(EVP_MD_CTX*, const unsigned char*, std::size_t, const unsigned char*, std::size_t);
int __wrap_EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature, std::size_t size, const unsigned char* message, std::size_t length) {
    const Charge charge(Count::kVerifies, Count::kVerifiesNs, true);
    return __real_EVP_DigestVerify(context, signature, size, message, length);
}

int __real_X509_verify(X509*, EVP_PKEY*);
int __wrap_X509_verify(X509* certificate, EVP_PKEY* key) {
    const Charge charge(Count::kVerifies, Count::kVerifiesNs, true);
    return __real_X509_verify(certificate, key);
}
}

Result<> InstallInstruments() {
    const char* const path = std::getenv(kCountersVariable);
    if (path == nullptr) return {};
    counters_path = path;
    OW_TRY(counters, Counters::Map(counters_path, false));
    static_cast<void>(TheRecorder());
    OW_ASSERT(sqlite3_auto_extension(reinterpret_cast<void (*)()>(&OnConnection)) == SQLITE_OK);
    return {};
}

Result<> FinishInstruments() {
    if (counters == nullptr) return {};
    Counters& shared = *counters;
    counters = nullptr;
    documents::WarmUp();
    const std::int64_t from = ThreadNs();
    for (const documents::Document& document : rendered) OW_CHECK(RealRender(document));
    shared.Set(Count::kRenderedAgainNs, ThreadNs() - from);
    shared.Set(Count::kRenderedAgain, static_cast<std::int64_t>(rendered.size()));
    return WriteRecording(TheRecorder().recording(), counters_path + ".sql");
}

}  // namespace onewindow::bench
