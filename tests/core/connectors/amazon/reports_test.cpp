// SPDX-License-Identifier: Apache-2.0
// Reports: asking, looking, and fetching a document into a sink.
#include "core/connectors/amazon/reports_requests.hpp"
#include "tests/core/connectors/amazon/amazon_fixture.hpp"

#include <catch2/catch.hpp>

using namespace carrick;
using namespace carrick::testing;
using connectors::FetchedDocument;
using connectors::Reply;
using connectors::ReplyStatus;

namespace {

constexpr std::string_view kOrders = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING";
constexpr std::string_view kShipments = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL";
const std::string kAddress = "https://tortuga.test/doc?X-Amz-Expires=300&sig=a%2Fb";

class Collected final : public DocumentSink {
public:
    Result<void> write(std::string_view bytes) override {
        text.append(bytes);
        return full ? Result<void>(transient("archive.disk", "full")) : Result<void>();
    }
    std::string text;
    bool full = false;
};

std::string open_request(std::string_view type) {
    return R"({"document_id":"amzn1.spdoc.1.4.na.x/y","report_type":")" + std::string(type) +
           R"(","marketplace":"JP"})";
}

/// An Amazon that has one document.
http::HttpResult one_document(const http::HttpRequest& request) {
    if (request.url.find("/restrictedDataToken") != std::string::npos)
        return respond(200, R"({"restrictedDataToken":"Atz.sprdt|one","expiresIn":3600})");
    if (request.url.find("/documents/") != std::string::npos)
        return respond(200, R"({"reportDocumentId":"x","url":")" + kAddress + R"("})");
    return respond(200, "order-id\tsku\n", {{"Content-Type", "text/plain; charset=\"Cp1252\""}});
}

struct Fetch {
    explicit Fetch(FakeTransport::Handler handler = one_document) : account(std::move(handler)) {}
    Result<FetchedDocument> operator()(std::string_view type) {
        return account.connection->fetch({"amazon.reports.open", open_request(type)},
                                         account.within(std::chrono::seconds(20)), sink);
    }
    SellerAccount<> account;
    Collected sink;
};

std::string header(const http::HttpRequest& request, std::string_view name) {
    for (const auto& [key, value] : request.headers)
        if (http::equals_ignoring_case(key, name)) return value;
    return {};
}

}  // namespace

TEST_CASE("a document goes into the sink, with what its server says of it", "[reports]") {
    Fetch fetch;
    const FetchedDocument document = fetch(kShipments).value();
    CHECK(fetch.sink.text == "order-id\tsku\n");
    CHECK(document.kind == kShipments);
    CHECK(document.name == "amzn1.spdoc.1.4.na.x/y");
    CHECK(document.declared_encoding == "Cp1252");
    CHECK(document.regional_encoding == "CP932");  // asked for Japan
    CHECK_FALSE(document.personal);
    CHECK(fetch.account.network.count("amzn1.spdoc.1.4.na.x%2Fy") == 1);
}

TEST_CASE("the document's own address gets no token of ours and keeps its query", "[reports]") {
    Fetch fetch;
    REQUIRE(fetch(kShipments));
    const http::HttpRequest download = fetch.account.network.requests().back();
    CHECK(download.url == kAddress);
    CHECK(header(download, "x-amz-access-token").empty());
}

TEST_CASE("a restricted report is fetched with a token for that one document", "[reports]") {
    Fetch fetch;
    const FetchedDocument document = fetch(kOrders).value();
    CHECK(document.personal);
    CHECK(document.keep == std::chrono::hours(24 * 30));
    std::string asked;
    std::string used;
    for (const http::HttpRequest& request : fetch.account.network.requests()) {
        if (request.url.find("/restrictedDataToken") != std::string::npos) asked = request.body;
        if (request.url.find("/documents/") != std::string::npos)
            used = header(request, "x-amz-access-token");
    }
    CHECK(asked == R"({"restrictedResources":[{"method":"GET","path":)"
                   R"("/reports/2021-06-30/documents/amzn1.spdoc.1.4.na.x/y"}]})");
    CHECK(used == "Atz.sprdt|one");
}

TEST_CASE("every failure of a document says whether fetching it again helps", "[reports]") {
    const auto& [status, code] = GENERATE(table<int, std::string>({{403, "amazon.document_expired"},
                                                                   {404, "amazon.document_expired"},
                                                                   {500, "amazon.document_lost"},
                                                                   {302, "amazon.document_lost"}}));
    Fetch fetch([answered = status](const http::HttpRequest& request) {
        return request.url == kAddress ? respond(answered, "<Error/>") : one_document(request);
    });
    const Result<FetchedDocument> refused = fetch(kShipments);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == code);
    CHECK(refused.error().error_class == ErrorClass::Transient);
    CHECK(refused.error().message.find("sig=") == std::string::npos);
}

TEST_CASE("a document that does not come whole, and a sink that is full, are told apart",
          "[reports]") {
    Fetch lost([&](const http::HttpRequest& request) {
        return request.url == kAddress ? fail(http::HttpFailureKind::Lost) : one_document(request);
    });
    CHECK(lost(kShipments).error().code == "amazon.document_lost");
    Fetch full;
    full.sink.full = true;
    CHECK(full(kShipments).error().code == "archive.disk");
}

TEST_CASE("a missing role for restricted reports stops, and says so", "[reports]") {
    Fetch fetch([&](const http::HttpRequest& request) {
        if (request.url.find("/restrictedDataToken") == std::string::npos)
            return one_document(request);
        return respond(403, R"({"errors":[{"code":"Unauthorized","message":"Access denied."}]})");
    });
    const Result<FetchedDocument> refused = fetch(kOrders);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().error_class == ErrorClass::Misconfigured);
}

TEST_CASE("asking for a report is never repeated behind the flow's back", "[reports]") {
    const bool lost = GENERATE(true, false);
    SellerAccount<> account([&](const http::HttpRequest&) {
        return lost ? fail(http::HttpFailureKind::Lost) : respond(503, "{}");
    });
    const Reply reply =
        account.call("amazon.reports.request",
                     R"({"report_type":"GET_LEDGER_DETAIL_VIEW_DATA","marketplaces":["US"]})");
    CHECK(reply.status == ReplyStatus::Failed);
    CHECK(reply.error.error_class == ErrorClass::Transient);
    CHECK(account.network.count("/reports/2021-06-30/reports") == 1);
}

TEST_CASE("what never left, or came too often, may be asked again", "[reports]") {
    int tries = 0;
    SellerAccount<> account([&](const http::HttpRequest&) {
        return ++tries < 3 ? fail(http::HttpFailureKind::NotSent)
                           : respond(202, R"({"reportId":"50000"})");
    });
    const Reply reply =
        account.call("amazon.reports.request",
                     R"({"report_type":"GET_LEDGER_DETAIL_VIEW_DATA","marketplaces":["US"]})");
    CHECK(reply.status == ReplyStatus::Ok);
    CHECK(reply.body == R"({"reportId":"50000"})");
}

TEST_CASE("requests say what they mean to Amazon", "[reports]") {
    const amazon::RequestScope scope{"seller-na", amazon::Region::NorthAmerica, UtcTime()};
    const auto parse = [](const std::string& text) { return Json::parse(text).value(); };
    const amazon::ApiRequest created =
        amazon::create_report(parse(R"({"report_type":"GET_X","marketplaces":["US"],
            "start":"2026-11-01T00:00:00Z","end":"2026-11-02T00:00:00Z",
            "options":{"ShowSalesChannel":"true"}})"),
                              scope)
            .value();
    CHECK(parse(created.body) == parse(R"({"reportType":"GET_X",
        "marketplaceIds":["ATVPDKIKX0DER"],"reportOptions":{"ShowSalesChannel":"true"},
        "dataStartTime":"2026-11-01T00:00:00Z","dataEndTime":"2026-11-02T00:00:00Z"})"));
    CHECK(amazon::list_reports(parse(R"({"report_types":["GET_X","GET_Y"],"statuses":["DONE"],
            "created_since":"2026-11-01T00:00:00Z","page_size":100})"),
                               scope)
              ->target ==
          "/reports/2021-06-30/reports?reportTypes=GET_X%2CGET_Y&processingStatuses=DONE"
          "&createdSince=2026-11-01T00%3A00%3A00Z&pageSize=100");
    CHECK(amazon::list_reports(parse(R"({"next_token":"a+b"})"), scope)->target ==
          "/reports/2021-06-30/reports?nextToken=a%2Bb");
    CHECK(amazon::cancel_report(parse(R"({"report_id":"5"})"), scope)->method == "DELETE");
}

TEST_CASE("requests that Amazon would refuse are our own bugs, with the field", "[reports]") {
    const amazon::RequestScope scope{"seller-na", amazon::Region::NorthAmerica, UtcTime()};
    const auto field = [&](const std::string& text) {
        const Json body = Json::parse(text).value();
        const Result<amazon::ApiRequest> made =
            body.contains("period")        ? amazon::create_schedule(body, scope)
            : body.contains("report_type") ? amazon::create_report(body, scope)
                                           : amazon::list_reports(body, scope);
        return made ? std::string("made") : made.error().field;
    };
    CHECK(field(R"({"report_type":"X"})") == "marketplaces");
    CHECK(field(R"({"report_type":"X","marketplaces":["DE"]})") == "marketplaces");
    CHECK(field(R"({"report_type":"X","marketplaces":["US"],"options":{"a":true}})") == "options");
    CHECK(field(R"({"report_type":"X","marketplaces":["US"],"start":"2026-11-02T00:00:00Z",
                    "end":"2026-11-01T00:00:00Z"})") == "end");
    CHECK(field(R"({"report_type":"X","marketplaces":["US"],"period":"PT7M"})") == "period");
    CHECK(field(R"({"next_token":"x","page_size":10})") == "next_token");
    CHECK(field(R"({"statuses":["DONE"]})") == "report_types");
    CHECK(field(R"({"report_types":["X"],"colour":"red"})") == "colour");
}

TEST_CASE("a document is no operation to call, and other operations fetch none", "[reports]") {
    Fetch fetch;
    CHECK(fetch.account.call("amazon.reports.open", open_request(kShipments)).error.code ==
          "amazon.operation_unknown");
    CHECK(fetch.account.connection
              ->fetch({"amazon.reports.get", "{}"}, fetch.account.within(std::chrono::seconds(1)),
                      fetch.sink)
              .error()
              .code == "connector.no_document");
}
