// SPDX-License-Identifier: Apache-2.0
// The Reports API: how a report comes about, who may read it, and for how long.
#include "tests/sandbox/report_fixture.hpp"

using namespace carrick;
using namespace carrick::sandbox;
using namespace carrick::sandbox::test;
using namespace std::chrono_literals;

namespace {

const Json kMonth = Reporter::range("2026-11-01T00:00:00Z", "2026-11-23T12:00:00Z");

std::string error_of(const Response& response) {
    return body_of(response)["errors"][0]["message"].text();
}

void arm(Sandbox& sandbox, const char* fault, const char* type = "*") {
    REQUIRE(sandbox.faults().configure(Json::object(
        {{"rules", Json::array({Json::object({{"fault", fault}, {"operation", type}})})}})));
}

}  // namespace

TEST_CASE("a report waits, is worked on, and is done with a document", "[reports]") {
    Sandbox sandbox(small_world(), {});
    REQUIRE(sandbox.switches().set("amazon.report_delay_s", "120"));
    Reporter reporter(sandbox);
    const std::string id = reporter.create(Reporter::request(kByUpdate, "US", kMonth));
    CHECK(reporter.report(id)["processingStatus"].text() == "IN_QUEUE");
    sandbox.clock().advance(40s);
    CHECK(reporter.report(id)["processingStatus"].text() == "IN_PROGRESS");
    CHECK_FALSE(reporter.report(id).contains("reportDocumentId"));
    sandbox.clock().advance(80s);
    const Json done = reporter.report(id);
    CHECK(done["processingStatus"].text() == "DONE");
    CHECK(done["reportDocumentId"].text().starts_with("amzn1.spdoc.1.4.na."));
    CHECK(done["processingEndTime"].text() == "2026-11-23T12:02:00Z");
    CHECK(done["dataStartTime"].text() == "2026-11-01T00:00:00Z");
}

TEST_CASE("only a report in the queue can be cancelled", "[reports]") {
    Sandbox sandbox(small_world(50), {});
    Reporter reporter(sandbox);
    const std::string id = reporter.create(Reporter::request(kByUpdate, "US", kMonth));
    CHECK(reporter.caller.send("DELETE", std::string(kReports) + "/" + id).status == 200);
    CHECK(reporter.report(id)["processingStatus"].text() == "CANCELLED");
    const std::string late = reporter.create(Reporter::request(kByUpdate, "US", kMonth));
    sandbox.clock().advance(5min);
    CHECK(reporter.caller.send("DELETE", std::string(kReports) + "/" + late).status == 400);
    CHECK(reporter.caller.send("DELETE", std::string(kReports) + "/7").status == 404);
}

TEST_CASE("a report without rows is cancelled, or done with a header, or with nothing",
          "[reports]") {
    Sandbox sandbox(small_world(50), {});
    Reporter reporter(sandbox);
    const Json nothing = Reporter::request(
        kByUpdate, "US", Reporter::range("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"));
    CHECK(reporter.ended(nothing)["processingStatus"].text() == "CANCELLED");
    REQUIRE(sandbox.switches().set("amazon.report_empty", "header"));
    const File header = reporter.read(nothing);
    CHECK(header.columns.front() == "amazon-order-id");
    CHECK(header.rows.empty());
    REQUIRE(sandbox.switches().set("amazon.report_empty", "zero_bytes"));
    CHECK(reporter.bytes(nothing).empty());
}

TEST_CASE("within the frequency limit a report is cancelled, old, or fatal", "[reports]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const Json parcels = Reporter::request(
        kParcels, "US", Reporter::range("2026-11-01T00:00:00Z", "2026-11-23T12:00:00Z"));
    CHECK(reporter.ended(parcels)["processingStatus"].text() == "DONE");
    CHECK(reporter.ended(parcels)["processingStatus"].text() == "CANCELLED");
    REQUIRE(sandbox.switches().set("amazon.report_too_soon", "fatal"));
    const Json fatal = reporter.ended(parcels);
    CHECK(fatal["processingStatus"].text() == "FATAL");
    // A failure may say why, and for that no restricted token is needed.
    const Response why = reporter.download(reporter.document(fatal["reportDocumentId"].text()));
    CHECK(gunzip(why.body).find("too soon") != std::string::npos);
    sandbox.clock().advance(31min);
    CHECK(reporter.ended(parcels)["processingStatus"].text() == "DONE");
    REQUIRE(sandbox.switches().set("amazon.report_too_soon", "old_data"));
    CHECK(reporter.ended(parcels)["processingStatus"].text() == "DONE");
}

TEST_CASE("a document's URL opens without a token, for five minutes, and only as signed",
          "[reports]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const Json done = reporter.ended(Reporter::request(kByUpdate, "US", kMonth));
    const std::string id = done["reportDocumentId"].text();
    const Json document = reporter.document(id);
    CHECK(document["compressionAlgorithm"].text() == "GZIP");
    const Response first = reporter.download(document);
    CHECK(first.status == 200);
    CHECK(first.header("Content-Encoding") == "");
    CHECK(reporter.download(document).body == first.body);  // twice the same file

    CHECK(reporter.download(document, reporter.caller.headers()).status == 403);
    CHECK(reporter.download(document, {{"Authorization", "Bearer x"}}).status == 400);
    Json forged = document;
    std::string url = document["url"].text();
    url.replace(url.find("X-Amz-Date=") + 14, 1, "9");
    forged.set("url", url);
    CHECK(reporter.download(forged).status == 403);

    sandbox.clock().advance(299s);
    CHECK(reporter.download(document).status == 200);
    sandbox.clock().advance(1s);
    const Response expired = reporter.download(document);
    CHECK(expired.status == 403);
    CHECK(expired.header("Content-Type") == "application/xml");
    CHECK(expired.body.find("Request has expired") != std::string::npos);
    const Json fresh = reporter.document(id);
    CHECK(fresh["url"].text() != document["url"].text());
    CHECK(reporter.download(fresh).body == first.body);
}

TEST_CASE("a storage that declares the packing hands out the same bytes under another header",
          "[reports]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const Json done = reporter.ended(Reporter::request(kByUpdate, "US", kMonth));
    const std::string id = done["reportDocumentId"].text();
    const Response plain = reporter.download(reporter.document(id));
    const Json declared = body_of(reporter.caller.get("/reports/2021-06-30/documents/" + id +
                                                      "?enableContentEncodingUrlHeader=true"));
    const Response packed = reporter.download(declared);
    CHECK(packed.header("Content-Encoding") == "gzip");
    CHECK(packed.body == plain.body);
    REQUIRE(sandbox.switches().set("amazon.report_compression", "plain"));
    const Json loose = reporter.document(id);
    CHECK_FALSE(loose.contains("compressionAlgorithm"));
    CHECK(reporter.download(loose).body == gunzip(plain.body));
}

TEST_CASE("personal data needs a token that names the very document", "[reports][rdt]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const std::string a =
        reporter.ended(Reporter::request(kShipping, "US", kMonth))["reportDocumentId"].text();
    const std::string b = reporter.ended(Reporter::request(kOpen, "US"))["reportDocumentId"].text();
    const std::string path = "/reports/2021-06-30/documents/";
    CHECK(reporter.caller.get(path + a).status == 403);
    const std::string token = reporter.restricted_token(a);
    CHECK(token.starts_with("Atz.sprdt|"));
    CHECK(reporter.caller.send("GET", path + a, {}, token).status == 200);
    CHECK(reporter.caller.send("GET", path + b, {}, token).status == 403);
    CHECK(reporter.caller.send("GET", kReports, {}, token).status == 403);
    sandbox.clock().advance(61min);
    CHECK(reporter.caller.send("GET", path + a, {}, token).status == 403);

    const auto mint = [&](const std::string& where) {
        return reporter.caller.send(
            "POST", "/tokens/2021-03-01/restrictedDataToken",
            Json::object({{"restrictedResources",
                           Json::array({Json::object({{"method", "GET"}, {"path", where}})})}}));
    };
    reporter.caller.renew();
    CHECK(mint(path + "{reportDocumentId}").status == 400);
    CHECK(mint("/catalog/2022-04-01/items").status == 400);
    CHECK(reporter.caller
              .send("POST", "/tokens/2021-03-01/restrictedDataToken",
                    Json::object({{"restrictedResources", Json::array()}}))
              .status == 400);
    REQUIRE(sandbox.switches().set("amazon.roles", "no_pii"));
    CHECK(mint(path + a).status == 403);
}

TEST_CASE("a list goes on by its token alone, newest first", "[reports]") {
    Sandbox sandbox(small_world(20), {});
    Reporter reporter(sandbox);
    std::vector<std::string> made;
    for (int i = 0; i < 5; ++i) {
        made.push_back(reporter.create(Reporter::request(kByUpdate, "US", kMonth)));
        sandbox.clock().advance(1s);
    }
    const std::string first = std::string(kReports) + "?reportTypes=" + kByUpdate + "&pageSize=2";
    Json page = body_of(reporter.caller.get(first));
    CHECK(page["reports"].size() == 2);
    CHECK(page["reports"][0]["reportId"].text() == made[4]);
    std::vector<std::string> seen;
    for (std::string token = page["nextToken"].text();; token = page["nextToken"].text()) {
        for (const Json& each : page["reports"].items()) seen.push_back(each["reportId"].text());
        if (token.empty()) break;
        CHECK(reporter.caller.get(first + "&nextToken=" + token).status == 400);
        page = body_of(reporter.caller.get(std::string(kReports) + "?nextToken=" + token));
    }
    CHECK(seen == std::vector<std::string>(made.rbegin(), made.rend()));
    CHECK(reporter.caller.get(kReports).status == 400);
    CHECK(reporter.caller.get(first + "&processingStatuses=NONE").status == 400);
    CHECK(body_of(reporter.caller.get(first + "&processingStatuses=DONE"))["reports"].size() == 0);
    sandbox.clock().advance(91 * 24h);
    reporter.caller.renew();
    CHECK(body_of(reporter.caller.get(first))["reports"].size() == 0);
}

TEST_CASE("what createReport refuses", "[reports]") {
    Sandbox sandbox(small_world(20), {});
    Reporter reporter(sandbox);
    const auto refused = [&](const Json& body) {
        return reporter.caller.send("POST", kReports, body);
    };
    CHECK(refused(Json::object({{"reportType", kByUpdate}})).status == 400);
    CHECK(refused(Reporter::request("GET_NOTHING", "US")).status == 400);
    CHECK(error_of(refused(Reporter::request("GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2", "US")))
              .find("Amazon creates it") != std::string::npos);
    CHECK(refused(Reporter::request(kByUpdate, "DE")).status == 403);  // another account's store
    CHECK(
        refused(Reporter::request(kByUpdate, "US",
                                  Reporter::range("2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z")))
            .status == 400);
    // A year is more than the type gives: fatal, or the last 30 days.
    const Json year = Reporter::request(
        kByUpdate, "US", Reporter::range("2025-11-23T00:00:00Z", "2026-11-23T00:00:00Z"));
    CHECK(reporter.ended(year)["processingStatus"].text() == "FATAL");
    REQUIRE(sandbox.switches().set("amazon.report_range", "clipped"));
    CHECK(reporter.ended(year)["dataStartTime"].text() == "2026-10-24T00:00:00Z");
}

TEST_CASE("a schedule asks by itself, and a second one of its kind takes its place",
          "[reports][schedules]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const std::string path = "/reports/2021-06-30/schedules";
    const auto schedule = [&](const char* period, const char* type = kShipping) {
        return reporter.caller.send(
            "POST", path, Reporter::request(type, "US", Json::object({{"period", period}})));
    };
    const std::string first = body_of(schedule("PT4H"))["reportScheduleId"].text();
    const Response second = schedule("PT8H");
    CHECK(second.status == 201);
    const std::string id = body_of(second)["reportScheduleId"].text();
    CHECK(reporter.caller.get(path + "/" + first).status == 404);
    CHECK(schedule("PT3H").status == 400);
    CHECK(schedule("P1D", kByUpdate).status == 400);  // on request only
    sandbox.clock().advance(25h);
    reporter.caller.renew();
    const Json reports = body_of(
        reporter.caller.get(std::string(kReports) + "?reportTypes=" + kShipping))["reports"];
    REQUIRE(reports.size() == 3);
    CHECK(reports[0]["reportScheduleId"].text() == id);
    CHECK(reports[0]["dataEndTime"].text() == "2026-11-24T12:00:00Z");
    CHECK(reports[0]["dataStartTime"].text() == "2026-11-24T04:00:00Z");
    CHECK(reporter.caller.send("DELETE", path + "/" + id).status == 200);
    CHECK(body_of(reporter.caller.get(path +
                                      "?reportTypes=" + std::string(kShipping)))["reportSchedules"]
              .size() == 0);
    CHECK(reporter.caller.get(path).status == 400);
}

TEST_CASE("reports take their quotas from buckets of their own", "[reports][quotas]") {
    SandboxOptions options = small_world(20);
    options.official_quotas = true;
    Sandbox sandbox(options, {});
    Reporter reporter(sandbox);
    for (int i = 0; i < 15; ++i) (void)reporter.create(Reporter::request(kByUpdate, "US", kMonth));
    const Response over =
        reporter.caller.send("POST", kReports, Reporter::request(kByUpdate, "US", kMonth));
    CHECK(over.status == 429);
    CHECK(over.header("x-amzn-RateLimit-Limit") == "");
    sandbox.clock().advance(60s);  // 0.0167 a second
    CHECK(
        reporter.caller.send("POST", kReports, Reporter::request(kByUpdate, "US", kMonth)).status ==
        202);
}

TEST_CASE("every damage that a document can suffer", "[reports][faults]") {
    Sandbox sandbox(small_world(), {});
    Reporter reporter(sandbox);
    const Json done = reporter.ended(Reporter::request(kByUpdate, "US", kMonth));
    const std::string id = done["reportDocumentId"].text();
    const Json document = reporter.document(id);
    const std::string good = gunzip(reporter.download(document).body);

    arm(sandbox, "cut_gzip", kByUpdate);
    CHECK(gunzip(reporter.download(document).body).size() < good.size());
    arm(sandbox, "half_file");
    const std::string half = gunzip(reporter.download(document).body);
    CHECK(good.starts_with(half));
    CHECK_FALSE(half.ends_with('\n'));
    arm(sandbox, "wrong_charset");
    CHECK(reporter.download(document).header("Content-Type") == "text/plain; charset=ISO-8859-1");
    arm(sandbox, "missing_column");
    const File without = file_of(gunzip(reporter.download(document).body));
    CHECK(std::find(without.columns.begin(), without.columns.end(), "sku") ==
          without.columns.end());
    arm(sandbox, "too_many_fields");
    CHECK(gunzip(reporter.download(document).body).find("\tone too many") != std::string::npos);
    arm(sandbox, "expired_url");
    CHECK(reporter.download(document).status == 403);
    arm(sandbox, "error503", "downloadDocument");
    CHECK(reporter.download(document).body.find("SlowDown") != std::string::npos);
    arm(sandbox, "fatal_report", kByDate);
    CHECK(reporter.ended(Reporter::request(kByDate, "US", kMonth))["processingStatus"].text() ==
          "FATAL");
    sandbox.faults().clear();
    CHECK(gunzip(reporter.download(reporter.document(id)).body) == good);
}

TEST_CASE("reports and schedules outlive a restart", "[reports][state]") {
    Sandbox before(small_world(), {});
    Reporter reporter(before);
    const Json done = reporter.ended(Reporter::request(kByUpdate, "US", kMonth));
    const std::string id = done["reportDocumentId"].text();
    const std::string file = reporter.download(reporter.document(id)).body;
    (void)reporter.caller.send(
        "POST", "/reports/2021-06-30/schedules",
        Reporter::request(kShipping, "US", Json::object({{"period", "P1D"}})));
    Sandbox after(small_world(), {});
    REQUIRE(after.restore(before.snapshot()));
    Reporter later(after);
    CHECK(later.report(done["reportId"].text()) == done);
    CHECK(later.download(later.document(id)).body == file);
    after.clock().advance(25h);
    later.caller.renew();
    CHECK(body_of(later.caller.get(std::string(kReports) + "?reportTypes=" + kShipping))["reports"]
              .size() == 1);
}
