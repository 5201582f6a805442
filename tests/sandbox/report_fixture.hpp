// SPDX-License-Identifier: Apache-2.0
// Short words for asking for a report, waiting for it and reading its file.
#pragma once

#include "tests/sandbox/sandbox_fixture.hpp"

#include <zlib.h>

namespace carrick::sandbox::test {

inline constexpr const char* kReports = "/reports/2021-06-30/reports";
inline constexpr const char* kByUpdate = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
inline constexpr const char* kByDate = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL";
inline constexpr const char* kShipping = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING";
inline constexpr const char* kInvoicing = "GET_FLAT_FILE_ORDER_REPORT_DATA_INVOICING";
inline constexpr const char* kOpen = "GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING";
inline constexpr const char* kParcels = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL";

inline std::string gunzip(const std::string& bytes) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string out;
    std::string chunk(65536, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream.avail_out = static_cast<uInt>(chunk.size());
        result = inflate(&stream, Z_NO_FLUSH);
        out.append(chunk, 0, chunk.size() - stream.avail_out);
        if (result == Z_BUF_ERROR || stream.avail_in == 0) break;
    }
    inflateEnd(&stream);
    return out;
}

/// A file as rows of named cells.
struct File {
    std::vector<std::string> columns;
    std::vector<std::map<std::string, std::string>> rows;
};

inline std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == separator)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

inline File file_of(const std::string& text) {
    File file;
    for (std::string line : split(text, '\n')) {
        if (line.ends_with('\r')) line.pop_back();
        if (line.empty()) continue;
        const std::vector<std::string> fields = split(line, '\t');
        if (file.columns.empty()) {
            file.columns = fields;
            continue;
        }
        REQUIRE(fields.size() <= file.columns.size());
        std::map<std::string, std::string> row;
        for (std::size_t i = 0; i < fields.size(); ++i) row[file.columns[i]] = fields[i];
        file.rows.push_back(std::move(row));
    }
    return file;
}

/// Asks one account's Reports API as a careful client does.
class Reporter {
public:
    explicit Reporter(Sandbox& sandbox, std::string account = "NA1")
        : caller(sandbox, std::move(account)), sandbox_(sandbox) {}

    static Json request(const std::string& type, const std::string& store, Json more = {}) {
        Json body =
            Json::object({{"reportType", type},
                          {"marketplaceIds", Json::array({Json(marketplace_by_code(store)->id)})}});
        for (const JsonMember& member : more.members()) body.set(member.key, member.value);
        return body;
    }
    static Json range(const std::string& from, const std::string& to) {
        return Json::object({{"dataStartTime", from}, {"dataEndTime", to}});
    }

    std::string create(const Json& body) {
        const Response made = caller.send("POST", kReports, body);
        INFO(made.body);
        REQUIRE(made.status == 202);
        return body_of(made)["reportId"].text();
    }
    Json report(const std::string& id) {
        const Response answer = caller.get(std::string(kReports) + "/" + id);
        REQUIRE(answer.status == 200);
        return body_of(answer);
    }
    /// The report after its end.
    Json ended(const Json& body) {
        const std::string id = create(body);
        sandbox_.clock().advance(std::chrono::minutes(5));
        return report(id);
    }
    std::string restricted_token(const std::string& document) {
        const Response answer = caller.send(
            "POST", "/tokens/2021-03-01/restrictedDataToken",
            Json::object({{"restrictedResources",
                           Json::array({Json::object(
                               {{"method", "GET"},
                                {"path", "/reports/2021-06-30/documents/" + document}})})}}));
        INFO(answer.body);
        REQUIRE(answer.status == 200);
        return body_of(answer)["restrictedDataToken"].text();
    }
    Json document(const std::string& id, bool restricted = false) {
        const Response answer = caller.send("GET", "/reports/2021-06-30/documents/" + id, {},
                                            restricted ? restricted_token(id) : "");
        INFO(answer.body);
        REQUIRE(answer.status == 200);
        return body_of(answer);
    }
    Response download(const Json& document, Headers headers = {}) {
        std::string url = document["url"].text();
        REQUIRE(url.starts_with("http://127.0.0.1:1"));
        return sandbox_.handle({"GET", url.substr(std::string("http://127.0.0.1:1").size()),
                                std::move(headers), "", "http://127.0.0.1:1"});
    }
    /// The unpacked bytes of a report.
    std::string bytes(const Json& body, bool restricted = false) {
        const Json done = ended(body);
        INFO(done.dump());
        REQUIRE(done["processingStatus"].text() == "DONE");
        const Json info = document(done["reportDocumentId"].text(), restricted);
        const Response file = download(info);
        REQUIRE(file.status == 200);
        return info.contains("compressionAlgorithm") ? gunzip(file.body) : file.body;
    }
    File read(const Json& body, bool restricted = false) {
        return file_of(bytes(body, restricted));
    }

    Caller caller;

private:
    Sandbox& sandbox_;
};

}  // namespace carrick::sandbox::test
