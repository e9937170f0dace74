#include "licence/verify_file.hpp"

#include <algorithm>
#include <filesystem>

#include "kernel/files/files.hpp"
#include "licence/reasons.hpp"

namespace onewindow::licence {
namespace {

std::string KindOf(std::string_view sidecar_kind) {
    return sidecar_kind == "licence_original" || sidecar_kind == "licence_duplicate"
               ? std::string(sidecar_kind)
               : "unknown";
}

}  // namespace

Result<std::vector<TrustAnchor>> LoadTrustAnchors(const std::string& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".pem") paths.push_back(entry.path());
    }
    if (error) return Refuse(reasons::kAnchor, "anchors", {{"file", folder}});
    std::sort(paths.begin(), paths.end());
    std::vector<TrustAnchor> anchors;
    for (const auto& path : paths) {
        OW_TRY(const std::string pem, files::ReadFile(path.string()));
        auto key = crypto::Sm2PublicKey::FromPem(pem);
        if (!key) return Refuse(reasons::kAnchor, "anchors", {{"file", path.filename().string()}});
        anchors.push_back({path.stem().string(), *std::move(key)});
    }
    return anchors;
}

void AddSteps(VerifyReport& report, std::string_view bytes, const Sidecar& sidecar,
              const std::vector<TrustAnchor>& anchors) {
    const std::string digest = crypto::Hex(crypto::Sm3(bytes));
    report.steps.push_back({"digest", digest == sidecar.sm3, "SM3 " + digest});
    const auto anchor = std::find_if(anchors.begin(), anchors.end(), [&](const TrustAnchor& one) {
        return one.key_id == sidecar.key_id;
    });
    report.steps.push_back({"key", anchor != anchors.end(), sidecar.key_id});
    const auto signature = crypto::FromBase64(sidecar.signature);
    const bool right =
        anchor != anchors.end() && signature && anchor->key.Verify(bytes, *signature);
    report.steps.push_back(
        {"signature", right, "SM2-with-SM3 over all " + std::to_string(bytes.size()) + " bytes"});
}

void Conclude(VerifyReport& report) {
    report.valid =
        !report.steps.empty() && std::all_of(report.steps.begin(), report.steps.end(),
                                             [](const VerifyStep& step) { return step.ok; });
}

VerifyReport VerifyFile(std::string file, std::string_view bytes, std::string_view sidecar_bytes,
                        const std::vector<TrustAnchor>& anchors) {
    VerifyReport report{.file = std::move(file), .kind = "unknown", .valid = false, .steps = {}};
    report.steps.push_back({"format", bytes.starts_with("%PDF-"), "PDF"});
    Sidecar sidecar;
    std::string fault =
        "no signature file: ask the issuing service, which finds the signature by the file's "
        "digest";
    bool readable = false;
    if (!sidecar_bytes.empty()) {
        const auto parsed = json::Parse(sidecar_bytes);
        const auto read =
            parsed ? json::Read<Sidecar>(*parsed) : Result<Sidecar>(Failure(parsed.error()));
        readable = read && read->schema == kSidecarSchema;
        fault = readable ? std::string(kSidecarSchema) : "the signature file cannot be read";
        if (readable) sidecar = *read;
    }
    report.kind = KindOf(sidecar.kind);
    report.steps.push_back({"sidecar", readable, fault});
    AddSteps(report, bytes, sidecar, anchors);
    Conclude(report);
    return report;
}

}  // namespace onewindow::licence
