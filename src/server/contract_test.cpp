// Goal: what rooms say of their operations stands in the document, and nothing that speaks of
// something absent gets in; the committed document is the one that the program prints.

#include "server/contract.hpp"

#include <gtest/gtest.h>

#include "kernel/files/files.hpp"
#include "kernel/testing/expect_refused.hpp"
#include "server/app.hpp"
#include "server/commands.hpp"

namespace onewindow::server {
namespace {

json::object Document() {
    return json::Parse(R"({
        "info": {"title": "Stand"},
        "tags": [{"name": "stand"}],
        "paths": {"/stands/{stand}": {"put": {
            "operationId": "changeStand",
            "parameters": [{"name": "stand", "in": "path", "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Stand"}}}},
            "responses": {"200": {"content": {"application/json": {"schema": {}}}}, "404": {}}}}},
        "components": {"schemas": {"Stand": {"type": "object", "properties": {"cups": {"type": "integer"}}}},
                       "securitySchemes": {"bearer": {"type": "http"}}}})")
        ->get_object();
}

Result<> Lay(json::object& document, std::string_view text) {
    const std::string_view texts[] = {text};
    return LayContract(document, texts);
}

TEST(Contract, LaysWhatRoomsSayOverTheDocument) {
    json::object document = Document();
    ASSERT_TRUE(Lay(document, R"(
        [tag]
        stand = "Lemonade"
        [parameter.stand]
        description = "Which stand"
        [operation.changeStand]
        description = "Opens or closes"
        request.example.cups = 7
        answer.schema."$ref" = "#/components/schemas/Cup"
        [type.Stand]
        description = "A stand"
        fields.cups.minimum = 1
        [define.Cup]
        type = "object"
    )"));
    const json::value all = document;
    EXPECT_EQ(json::TextAt(all, "tags.0.description"), "Lemonade");
    const json::value& put = all.at("paths").at("/stands/{stand}").at("put");
    EXPECT_EQ(json::TextAt(put, "description"), "Opens or closes");
    EXPECT_EQ(json::TextAt(put, "parameters.0.description"), "Which stand");
    EXPECT_EQ(json::TextAt(put, "parameters.0.schema.type"), "string");
    EXPECT_EQ(put.at("requestBody").at("content").at("application/json").at("example").at("cups"),
              7);
    EXPECT_EQ(json::Text(put.at("responses").at("200").at("content").at("application/json")),
              R"({"schema":{"$ref":"#/components/schemas/Cup"}})");
    EXPECT_EQ(json::IntAt(all, "components.schemas.Stand.properties.cups.minimum"), 1);
    EXPECT_EQ(json::TextAt(all, "components.schemas.Cup.type"), "object");
}

TEST(Contract, RefusesWhatSpeaksOfSomethingAbsent) {
    for (const char* text :
         {"[operation.closeStand]\ndescription = ''",
          "[operation.changeStand.parameter.cup]\nexample = ''",
          "[operation.changeStand]\nsummary = ''", "[parameter.cup]\nexample = ''",
          "[type.Cup]\ntitle = ''", "[type.Stand.fields.straws]\nminimum = 1",
          "[define.Stand]\ntype = 'object'", "[tag]\ncup = ''",
          "[security.cookie]\ndescription = ''", "[operation]\nx =", "[other.x]\ny = 1"}) {
        json::object document = Document();
        SCOPED_TRACE(text);
        EXPECT_REFUSED(Lay(document, text), reasons::kContract);
    }
}

TEST(Contract, IsCommittedAsItIsPrinted) {
    const auto printed = App::OpenApi();
    ASSERT_TRUE(printed) << printed.error().Describe();
    const auto committed = files::ReadFile(ONEWINDOW_SOURCE_DIR "/docs/openapi.json");
    ASSERT_TRUE(committed);
    EXPECT_TRUE(Pretty(*printed) + "\n" == *committed) << "make generate";
}

}  // namespace
}  // namespace onewindow::server
