// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/error_classification.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <optional>

namespace carrick::connectors::netsuite {
namespace {

// None is documented; the session prefers a Retry-After header.
constexpr std::chrono::milliseconds kConcurrencyPause{1000};

/// One row of the table: the first whose code and fragment both fit decides.
struct Rule {
    std::string_view code;  ///< o:errorCode; "" any; "X*" by its beginning
    /// In the detail, case aside; "^x" at its beginning, "x&y" both; "" any.
    std::string_view fragment;
    ErrorClass error_class;
    std::string_view name;    ///< behind "netsuite."; "x_<field>" takes the field's name
    std::string_view remedy;  ///< appended to NetSuite's words; may be empty
};

using enum ErrorClass;

constexpr std::string_view kFourCauses =
    "the usual causes: it is inactive, it belongs to another subsidiary, it is not on the form, "
    "or the role may not see it";
constexpr std::string_view kAdopt = "look the existing record up and adopt it";
constexpr std::string_view kPeriod =
    "open the period, or post with a date in an open one (netsuite.lookup.period tells which)";
constexpr std::string_view kSource =
    "the source record does not exist, has another status, or nothing of it is left to transform";
constexpr std::string_view kNoLines =
    "nothing is left to transform, or every line was left out; read the source record's lines";
constexpr std::string_view kRole = "give the integration's role this permission";
constexpr std::string_view kFeature = "enable the feature in NetSuite, or turn this flow off";
constexpr std::string_view kUnlock =
    "unlock the period, or post with a date in an open one (netsuite.lookup.period tells which)";
constexpr std::string_view kLater = "it will be tried again";

// Codes of several causes (USER_ERROR, INVALID_CONTENT) are told apart by their texts, which come
// from netsuite.md d.2; specific codes come where NetSuite's scripts pass SOAP names through.
constexpr std::array kRules{
    // The concurrency limit: nothing was carried out.
    Rule{"CONCURRENCY_LIMIT_EXCEEDED", "", Throttled, "concurrency_limit", ""},
    Rule{"SSS_REQUEST_LIMIT_EXCEEDED", "", Throttled, "concurrency_limit", ""},
    Rule{"EXCEEDED_MAX_CONCUR_RQST", "", Throttled, "concurrency_limit", ""},
    Rule{"WS_EXCEEDED_CONCUR_USERS_ALLWD", "", Throttled, "concurrency_limit", ""},
    Rule{"", "concurrent request limit exceeded", Throttled, "concurrency_limit", ""},
    // Who we are and what we may.
    Rule{"INVALID_LOGIN*", "", Misconfigured, "invalid_login", ""},
    Rule{"", "invalid login", Misconfigured, "invalid_login", ""},
    Rule{"INSUFFICIENT_PERMISSION", "", Misconfigured, "insufficient_permission", kRole},
    Rule{"INSUFFICIENT_FLD_PERMISSION", "", Misconfigured, "insufficient_permission", kRole},
    Rule{"", "permission violation", Misconfigured, "insufficient_permission", kRole},
    Rule{"", "does not have permission", Misconfigured, "insufficient_permission", kRole},
    Rule{"FEATURE_DISABLED", "", Misconfigured, "feature_disabled", kFeature},
    Rule{"FEATURE_UNAVAILABLE", "", Misconfigured, "feature_disabled", kFeature},
    Rule{"REQUIRED_FEATURE_IS_NOT_ENABLED", "", Misconfigured, "feature_disabled", kFeature},
    // It is there already.
    Rule{"DUP_*", "", Rejected, "duplicate", kAdopt},
    Rule{"DUPLICATE_*", "", Rejected, "duplicate", kAdopt},
    Rule{"UNIQUE_CUST_*", "", Rejected, "duplicate", kAdopt},
    Rule{"UNIQUE_ENTITY_NAME_REQD", "", Rejected, "duplicate", kAdopt},
    Rule{"UNIQUE_RCRD_ID_REQD", "", Rejected, "duplicate", kAdopt},
    Rule{"RCRD_ALREADY_EXISTS", "", Rejected, "duplicate", kAdopt},
    Rule{"", "record already exists", Rejected, "duplicate", kAdopt},
    Rule{"", "entity already exists", Rejected, "duplicate", kAdopt},
    Rule{"", "external id already exists", Rejected, "duplicate", kAdopt},
    Rule{"", "with this id already exists", Rejected, "duplicate", kAdopt},
    Rule{"IDEMPOTENCY_ERROR", "", Rejected, "idempotency_conflict",
         "the first request with this key decides; look its result up"},
    // Time heals.
    Rule{"RCRD_LOCKED_BY_WF", "", Transient, "record_locked", kLater},
    Rule{"", "locked by a user defined workflow", Transient, "record_locked", kLater},
    Rule{"RCRD_HAS_BEEN_CHANGED", "", Transient, "record_changed", kLater},
    Rule{"RCRD_EDITED_SINCE_RETRIEVED", "", Transient, "record_changed", kLater},
    Rule{"CANT_UPDATE_RECRD_HAS_CHANGED", "", Transient, "record_changed", kLater},
    Rule{"", "record has been changed", Transient, "record_changed", kLater},
    Rule{"SSS_USAGE_LIMIT_EXCEEDED", "", Rejected, "script_limit",
         "a script of this account used up its units; its owner must mend it"},
    Rule{"SSS_TIME_LIMIT_EXCEEDED", "", Rejected, "script_limit",
         "a script of this account ran too long; its owner must mend it"},
    // The books.
    // A lock (A/R, A/P, all) is lifted for those who may override it; a closed period for nobody.
    Rule{"", "period&locked", Rejected, "period_locked", kUnlock},
    Rule{"", "locked for accounts receivable", Rejected, "period_locked", kUnlock},
    Rule{"CLOSED_TRAN_PRD", "", Rejected, "period_closed", kPeriod},
    Rule{"TRAN_PRD_CLOSED", "", Rejected, "period_closed", kPeriod},
    Rule{"TRAN_PERIOD_CLOSED", "", Rejected, "period_closed", kPeriod},
    Rule{"DATE_PRD_MISMATCH", "", Rejected, "period_closed", kPeriod},
    Rule{"", "accounting period", Rejected, "period_closed", kPeriod},
    Rule{"", "period is closed", Rejected, "period_closed", kPeriod},
    Rule{"", "period closed", Rejected, "period_closed", kPeriod},
    // Transforms.
    Rule{"INVALID_INITIALIZE_*", "", Rejected, "not_transformable", kSource},
    Rule{"INVALID_RCRD_INITIALIZE", "", Rejected, "not_transformable", kSource},
    Rule{"INVALID_REF_CANT_INITIALIZE", "", Rejected, "not_transformable", kSource},
    Rule{"VALID_LINE_ITEM_REQD", "", Rejected, "no_lines", kNoLines},
    Rule{"", "at least one valid line item", Rejected, "no_lines", kNoLines},
    Rule{"SUBSIDIARY_MISMATCH", "", Rejected, "subsidiary_mismatch", ""},
    Rule{"SUB_MISMATCH", "", Rejected, "subsidiary_mismatch", ""},
    Rule{"", "cannot be used with the", Rejected, "subsidiary_mismatch",
         "choose one that is shared with this subsidiary"},
    Rule{"TRANS_UNBALNCD", "", Rejected, "unbalanced", ""},
    Rule{"CRNCY_MISMATCH_BASE_CRNCY", "", Rejected, "currency_mismatch", ""},
    Rule{"COUNTRY_STATE_MISMATCH", "", Rejected, "country_state_mismatch", ""},
    // What SuiteQL does not know: the account lacks it, or the role does not see it.
    Rule{"", "not_exposed", Misconfigured, "suiteql_unknown_name", ""},
    Rule{"", "unknown identifier", Misconfigured, "suiteql_unknown_name", ""},
    Rule{"INVALID_PARAMETER", "' was not found", Misconfigured, "suiteql_unknown_name",
         "the account has no such table or field, or the role may not see it"},
    Rule{"", "search error occurred: field", Misconfigured, "suiteql_unknown_name", ""},
    Rule{"", "search error occurred: record", Misconfigured, "suiteql_unknown_name", ""},
    Rule{"", "^column ", Misconfigured, "suiteql_unknown_name", ""},
    Rule{"", "invalid search query", Bug, "suiteql", ""},
    Rule{"", "search error occurred", Bug, "suiteql", ""},
    // Values.
    Rule{"", "please enter value(s) for", Rejected, "missing_<field>",
         "map a value, or make the field optional in NetSuite"},
    Rule{"", "please enter a value for", Rejected, "missing_<field>",
         "map a value, or make the field optional in NetSuite"},
    Rule{"FIELD_REQD", "", Rejected, "missing_<field>", ""},
    Rule{"USER_ERROR", "please configure the inventory detail", Rejected,
         "missing_inventory_detail", "lot, serial or bin numbers are needed on this line"},
    Rule{"INVALID_KEY_OR_REF", "", Rejected, "nonexistent_<field>", kFourCauses},
    Rule{"", "does not exist. provide a valid", Rejected, "nonexistent_<field>", kFourCauses},
    Rule{"", "invalid field value", Rejected, "invalid_<field>", kFourCauses},
    Rule{"", "invalid reference key", Rejected, "invalid_<field>", kFourCauses},
    Rule{"INACTIVE_*", "", Rejected, "inactive_record", "make the record active again"},
    Rule{"", "is inactive", Rejected, "inactive_record", "make the record active again"},
    Rule{"EXCEEDED_MAX_FIELD_LENGTH", "", Rejected, "too_long", ""},
    Rule{"", "maximum number of characters", Rejected, "too_long", ""},
    Rule{"", "unknown property", Rejected, "unknown_field", "correct the mapping"},
    Rule{"INVALID_RCRD_TYPE", "", Misconfigured, "unknown_record_type", kFeature},
    Rule{"UNKNOWN_RCRD_TYPE", "", Misconfigured, "unknown_record_type", kFeature},
    Rule{"", "unsupported record type", Misconfigured, "unknown_record_type", kFeature},
    Rule{"", "^record type ", Misconfigured, "unknown_record_type", kFeature},
    Rule{"NONEXISTENT_ID", "", Rejected, "nonexistent_id", ""},
    Rule{"RCRD_DSNT_EXIST", "", Rejected, "nonexistent_id", ""},
    Rule{"", "record does not exist", Rejected, "nonexistent_id", ""},
    Rule{"RCRD_PREVSLY_DELETED", "", Rejected, "nonexistent_id", ""},
    // What we sent was no NetSuite request.
    Rule{"INVALID_PARAMETER", "", Bug, "invalid_request", ""},
    Rule{"INVALID_HEADER", "", Bug, "invalid_request", ""},
    Rule{"INVALID_ID", "", Bug, "invalid_request", ""},
    Rule{"INVALID_REQUEST", "", Bug, "invalid_request", ""},
    Rule{"INVALID_CONTENT", "", Rejected, "invalid_<field>", "correct the mapping"},
    Rule{"UNEXPECTED_ERROR", "", Transient, "unexpected_error", kLater},
    // A script's or a rule's own words; nothing of ours to add.
    Rule{"USER_ERROR", "", Rejected, "user_error", ""},
};

/// For answers that name no code: the status alone. Also the last word for a code without a rule.
struct StatusRule {
    int status;
    ErrorClass error_class;
    std::string_view name;
    std::string_view remedy;
};
constexpr std::array kStatusRules{
    StatusRule{401, Misconfigured, "invalid_login", ""},
    StatusRule{403, Misconfigured, "insufficient_permission", kRole},
    StatusRule{404, Rejected, "nonexistent_id", ""},
    StatusRule{405, Bug, "invalid_request", ""},
    StatusRule{406, Bug, "invalid_request", ""},
    StatusRule{408, Transient, "unavailable", kLater},
    StatusRule{409, Transient, "record_changed", kLater},
    StatusRule{413, Rejected, "too_large", "split the record"},
    StatusRule{415, Bug, "invalid_request", ""},
    StatusRule{429, Throttled, "concurrency_limit", ""},
    StatusRule{500, Transient, "unexpected_error", kLater},
    StatusRule{502, Transient, "unavailable", kLater},
    StatusRule{503, Transient, "unavailable", kLater},
    StatusRule{504, Transient, "unavailable", kLater},
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool code_fits(std::string_view pattern, std::string_view code) {
    if (pattern.empty()) return true;
    if (pattern.ends_with('*')) return code.starts_with(pattern.substr(0, pattern.size() - 1));
    return pattern == code;
}

bool text_fits(std::string_view fragment, std::string_view text) {
    if (fragment.starts_with('^')) return text.starts_with(fragment.substr(1));
    if (const std::size_t both = fragment.find('&'); both != std::string_view::npos)
        return text_fits(fragment.substr(0, both), text) &&
               text_fits(fragment.substr(both + 1), text);
    return text.find(fragment) != std::string_view::npos;
}

const Rule* rule_for(std::string_view code, std::string_view detail) {
    const std::string text = lower(detail);
    for (const Rule& rule : kRules)
        if (code_fits(rule.code, code) && text_fits(rule.fragment, text)) return &rule;
    return nullptr;
}

const StatusRule* rule_for(int status) {
    for (const StatusRule& rule : kStatusRules)
        if (rule.status == status) return &rule;
    return nullptr;
}

/// One detail of an answer, from whichever of the two shapes NetSuite has for them.
struct Detail {
    std::string code;
    std::string text;
    std::string path;
};

std::vector<Detail> details_of(const Json& body) {
    std::vector<Detail> details;
    for (const Json& item : body["o:errorDetails"].items()) {
        std::string path = item["o:errorPath"].text();
        if (path.empty()) path = item["o:errorQueryParam"].text();
        if (path.empty()) path = item["o:errorHeader"].text();
        details.push_back({item["o:errorCode"].text(), item["detail"].text(), std::move(path)});
    }
    // A RESTlet's shape: {"error":{"code":"…","message":"…"}}, the error sometimes as text.
    if (const Json& error = body["error"]; details.empty() && error.is_object())
        details.push_back({error["code"].text(), error["message"].text(), {}});
    if (details.empty() && !body["o:errorCode"].text().empty())
        details.push_back({body["o:errorCode"].text(), body["title"].text(), {}});
    return details;
}

/// "… for the following field: item" and "Please enter value(s) for: Location".
std::string field_in(std::string_view detail) {
    const std::string text = lower(detail);
    for (const std::string_view marker : {"for the following field: ", "for the following field ",
                                          "value(s) for: ", "please enter a value for "}) {
        const std::size_t at = text.find(marker);
        if (at == std::string::npos) continue;
        std::string_view field = detail.substr(at + marker.size());
        field = field.substr(0, field.find_first_of(".;\r\n"));
        return std::string(field);
    }
    return {};
}

std::string named(std::string_view name, std::string_view field) {
    const std::size_t hole = name.find("<field>");
    std::string code = "netsuite." + std::string(name.substr(0, hole));
    if (hole == std::string_view::npos) return code;
    const std::string word = field_word(field);
    if (!word.empty()) return code + word;
    return code + (code == "netsuite.nonexistent_" ? "id" : "value");
}

bool is_specific(const Rule* rule) {
    return rule != nullptr && rule->name != "user_error";
}

}  // namespace

std::string field_word(std::string_view path) {
    const std::size_t dot = path.find_last_of('.');
    std::string_view last = dot == std::string_view::npos ? path : path.substr(dot + 1);
    const std::size_t bracket = last.find('[');
    if (bracket != std::string_view::npos) {
        // "expense.items[2]" names a line: the sublist's name tells more than "items".
        last = last.substr(0, bracket);
        if (last == "items" && dot != std::string_view::npos)
            return field_word(path.substr(0, dot));
    }
    if (last == "items" && dot != std::string_view::npos) return field_word(path.substr(0, dot));
    std::string word;
    for (const char c : last.substr(0, 60)) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isupper(byte) != 0 && !word.empty() && word.back() != '_' &&
            std::islower(static_cast<unsigned char>(word.back())) != 0)
            word += '_';
        if (std::isalnum(byte) != 0)
            word += static_cast<char>(std::tolower(byte));
        else if (!word.empty() && word.back() != '_')
            word += '_';
    }
    // Case was needed until here only for the humps; a label such as "Ship To" gives "ship_to".
    while (!word.empty() && word.back() == '_') word.pop_back();
    return word;
}

bool is_web_page(const http::HttpResponse& response) {
    const std::string type = lower(response.header("Content-Type"));
    const std::size_t first = response.body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    const bool angle = first != std::string::npos && response.body[first] == '<';
    return angle || (type.find("html") != std::string::npos);
}

bool is_concurrency_refusal(const Error& error) {
    return error.code == "netsuite.concurrency_limit";
}

namespace {

/// Why a signed request was refused (netsuite.md a.5).
struct TbaRule {
    std::string_view word;
    ErrorClass error_class;
    std::string_view way_out;
};
constexpr std::array kTbaRules{
    TbaRule{"token_rejected", Misconfigured,
            "the access token is unknown, revoked or of another account; make a new one for the "
            "integration's user and role and set token_id and token_secret"},
    TbaRule{"signature_invalid", Misconfigured,
            "check consumer_secret and token_secret, the account id and base_url"},
    TbaRule{"nonce_used", Transient,
            "the request arrived twice; something on the way repeats requests; it will be tried "
            "again"},
    TbaRule{"permission_denied", Misconfigured,
            "give the role \"Log in using Access Tokens\" and \"REST Web Services\", and see that "
            "token-based authentication is ticked on the integration record"},
    TbaRule{"timestamp_refused", Misconfigured,
            "this machine's clock is off by more than NetSuite forgives; set it (NTP)"},
};

const TbaRule* tba_rule(std::string_view word) {
    for (const TbaRule& rule : kTbaRules)
        if (rule.word == word) return &rule;
    return nullptr;
}

Error web_page(const http::HttpResponse& response) {
    return transient("netsuite.maintenance",
                     "NetSuite answered " + std::to_string(response.status) +
                         " with a web page where JSON was expected: a maintenance window, or the "
                         "base URL is not NetSuite's; it will be tried again");
}

/// The detail that says most: the first with a rule of its own, else the first.
std::pair<const Detail*, const Rule*> best_of(const std::vector<Detail>& details) {
    const Detail* best = nullptr;
    const Rule* rule = nullptr;
    for (const Detail& detail : details) {
        const Rule* found = rule_for(detail.code, detail.text);
        if (best == nullptr || (is_specific(found) && !is_specific(rule))) {
            best = &detail;
            rule = found;
        }
    }
    return {best, rule};
}

std::string words_of(const http::HttpResponse& response, const Json& body,
                     const std::vector<Detail>& details) {
    std::string words = "NetSuite answered " + std::to_string(response.status);
    const std::string title = body["title"].text();
    if (details.empty() && !title.empty()) words += ": " + masked(title);
    for (std::size_t i = 0; i < details.size() && i < 5; ++i) {
        words += i == 0 ? ": " : "; ";
        words += details[i].text.empty() ? details[i].code : masked(details[i].text);
        if (!details[i].path.empty()) words += " (" + masked(details[i].path) + ")";
    }
    return words;
}

}  // namespace

std::string tba_refusal(const http::HttpResponse& response) {
    constexpr std::string_view kScheme = "oauth ";
    constexpr std::string_view kMember = "error=\"";
    const std::string header = lower(response.header("WWW-Authenticate"));
    if (response.status != 401 || !header.starts_with(kScheme)) return {};
    const std::size_t at = header.find(kMember);
    if (at == std::string::npos) return {};
    const std::string word = header.substr(at + kMember.size());
    return word.substr(0, word.find('"'));
}

Error classify_response(const http::HttpResponse& response) {
    if (const TbaRule* rule = tba_rule(tba_refusal(response)); rule != nullptr)
        return {
            rule->error_class, "netsuite." + std::string(rule->word),
            "NetSuite answered 401 " + std::string(rule->word) + ": " + std::string(rule->way_out)};
    // A redirect leads to a maintenance or login page: NetSuite's REST services have none.
    const bool redirect = response.status >= 300 && response.status < 400;
    if ((redirect || is_web_page(response)) && response.status != 401 && response.status != 429)
        return web_page(response);
    const Json body = Json::parse(response.body).value_or(Json());
    const std::vector<Detail> details = details_of(body);
    const auto [detail, rule] = best_of(details);
    const StatusRule* status = rule_for(response.status);

    Error error;
    error.message = words_of(response, body, details);
    std::string_view remedy;
    if (detail != nullptr) {
        const std::string named_field = field_in(detail->text);
        error.field = !detail->path.empty() ? detail->path : named_field;
    }
    // A status that says more than a generic code, and 5xx always: an "INVALID_CONTENT" inside a
    // 503 is a gateway's guess.
    const bool status_decides =
        status != nullptr && (response.status >= 500 || response.status == 429 ||
                              (!is_specific(rule) && response.status != 400));
    if (status_decides && !(rule != nullptr && rule->error_class == Throttled)) {
        error.error_class = status->error_class;
        error.code = "netsuite." + std::string(status->name);
        remedy = status->remedy;
    } else if (rule != nullptr) {
        const std::string in_text = field_in(detail->text);
        error.error_class = rule->error_class;
        error.code = named(rule->name, in_text.empty() ? std::string_view(error.field)
                                                       : std::string_view(in_text));
        remedy = rule->remedy;
    } else if (detail != nullptr && !detail->code.empty()) {
        error.error_class = response.status >= 500 ? Transient : Rejected;
        error.code = "netsuite." + lower(detail->code);
    } else {
        error.error_class = response.status >= 500 ? Transient : Rejected;
        error.code = response.status >= 500 ? "netsuite.unavailable" : "netsuite.refused";
    }
    if (error.error_class == Throttled) error.retry_after = kConcurrencyPause;
    if (!remedy.empty()) error.message += "; " + std::string(remedy);
    return error;
}

}  // namespace carrick::connectors::netsuite
