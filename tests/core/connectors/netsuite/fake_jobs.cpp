// SPDX-License-Identifier: Apache-2.0
#include "tests/core/connectors/netsuite/fake_jobs.hpp"

#include <algorithm>

namespace carrick::testing {
namespace {

const std::string kBase = "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest";

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::string header_in(const http::HttpRequest& request, std::string_view name) {
    http::HttpResponse as_response;
    as_response.headers = request.headers;
    return std::string(as_response.header(name));
}

http::HttpResult FakeJobs::operator()(const http::HttpRequest& request) {
    if (before)
        if (std::optional<http::HttpResult> answer = before(request)) return *answer;
    const std::lock_guard lock(mutex_);
    const std::string path = request.url.substr(kBase.size());
    if (path.starts_with("/query/")) return query(request);
    if (path.starts_with("/async/v1/job/")) return job_answer(request, path);
    if (header_in(request, "Prefer").starts_with("respond-async")) {
        http::HttpResult answer = submit(request);
        if (after_batch)
            if (std::optional<http::HttpResult> instead = after_batch(request)) return *instead;
        return answer;
    }
    if (request.method == "POST" || request.method == "PUT") {
        ++calls["single"];
        const Json body = Json::parse(request.body).value();
        std::string external_id = body["externalId"].text();
        if (request.method == "PUT") external_id = last_part(path).substr(4);
        return create(external_id, request.method == "PUT");
    }
    ++calls["get"];
    const std::string id = last_part(path).substr(0, last_part(path).find('?'));
    for (const auto& [external_id, known] : records)
        if (known == id)
            return respond(200, R"({"id":")" + id + R"(","externalId":")" + external_id + R"("})");
    return error_reply(404, "NONEXISTENT_ID", "Record does not exist.");
}

http::HttpResult FakeJobs::create(const std::string& external_id, bool upsert) {
    ++executions[external_id];
    if (const auto refusal = refusals.find(external_id); refusal != refusals.end())
        return refusal->second;
    if (records.contains(external_id) && !upsert)
        return error_reply(400, "USER_ERROR", "This record already exists");
    if (!records.contains(external_id)) records[external_id] = std::to_string(next_id_++);
    return respond(204, "",
                   {{"Location", "/services/rest/record/v1/salesOrder/" + records[external_id]}});
}

http::HttpResult FakeJobs::accepted(const std::string& job, int status) const {
    http::HttpResult answer = status == 202
                                  ? respond(202, "", {{"Preference-Applied", "respond-async"}})
                                  : error_reply(400, "IDEMPOTENCY_ERROR", "Conflict");
    if (!without_location)
        answer.response.headers.emplace_back(
            "Location", (relative_location ? "/services/rest" : kBase) + "/async/v1/job/" + job);
    return answer;
}

void FakeJobs::remember_job(std::vector<http::HttpResult> results) {
    old_job_ = "77";
    jobs_["77"] = {std::move(results), {}, polls_until_completed};
}

http::HttpResult FakeJobs::submit(const http::HttpRequest& request) {
    ++calls["submit"];
    const std::string key = header_in(request, "X-NetSuite-Idempotency-Key");
    keys.push_back(key);
    if (old_job_) {
        job_of_key_[key] = *old_job_;
        old_job_.reset();
    }
    if (const auto known = job_of_key_.find(key); honours_keys && known != job_of_key_.end())
        return accepted(known->second, 400);
    const std::string id = std::to_string(next_job_++);
    job_of_key_[key] = id;
    Job& job = jobs_[id];
    submitted.push_back(Json::parse(request.body).value());
    for (const Json& item : submitted.back()["items"].items()) {
        const bool patch = request.method == "PATCH";
        const std::string external_id = item["externalId"].text();
        job.results.push_back(
            patch ? respond(204, "", {{"Location", "/record/v1/salesOrder/" + item["id"].text()}})
                  : create(external_id, request.method == "PUT"));
        by_batch_[external_id] = id;
    }
    if (reverse_tasks) std::reverse(job.results.begin(), job.results.end());
    return accepted(id, 202);
}

http::HttpResult FakeJobs::job_answer(const http::HttpRequest& request, const std::string& path) {
    (void)request;
    const std::string below = path.substr(std::string_view("/async/v1/job/").size());
    const std::string id = below.substr(0, below.find('/'));
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return error_reply(404, "NONEXISTENT_ID", "No such job.");
    Job& job = found->second;
    if (below == id) {
        ++calls["poll"];
        const bool completed = ++job.polls >= polls_until_completed;
        return respond(200, Json::object({{"id", Json(id)},
                                          {"completed", Json(completed)},
                                          {"progress", Json(completed ? "succeeded" : "pending")}})
                                .dump());
    }
    if (below == id + "/task") {
        ++calls["tasks"];
        Json items = Json::array();
        Json links = Json::array();
        // Not in numerical order: 1, 10, 2, …, as texts sort.
        std::vector<std::string> numbers;
        for (std::size_t i = 1; i <= job.results.size(); ++i) numbers.push_back(std::to_string(i));
        std::sort(numbers.begin(), numbers.end());
        for (const std::string& number : numbers) {
            Json link =
                Json::object({{"rel", Json("self")}, {"href", Json(kBase + path + "/" + number)}});
            if (separate_task_items)
                items.push_back(Json::object({{"links", Json::array({std::move(link)})}}));
            else
                links.push_back(std::move(link));
        }
        if (!separate_task_items) items.push_back(Json::object({{"links", std::move(links)}}));
        return respond(200, Json::object({{"items", std::move(items)}}).dump());
    }
    ++calls["result"];
    const std::string task = below.substr(id.size() + 6, below.rfind('/') - id.size() - 6);
    return job.results.at(std::stoul(task) - 1);
}

http::HttpResult FakeJobs::query(const http::HttpRequest& request) {
    ++calls["query"];
    const Json body = Json::parse(request.body).value();
    std::vector<Json> rows;
    for (const Json& parameter : body["params"].items())
        if (const auto found = records.find(parameter.text()); found != records.end())
            if (!query_lags || !by_batch_.contains(found->first))
                rows.push_back(Json::object(
                    {{"id", Json(found->second)}, {"externalid", Json(found->first)}}));
    std::sort(rows.begin(), rows.end(),
              [](const Json& a, const Json& b) { return a["id"].text() < b["id"].text(); });
    return rows_reply(std::move(rows));
}

}  // namespace carrick::testing
