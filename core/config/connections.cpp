// SPDX-License-Identifier: Apache-2.0
// Connections of flows.yaml: a table of keys for each connector, and the rules between them.
#include "core/config/marketplaces.hpp"
#include "core/config/reading.hpp"
#include "core/config/settings.hpp"

#include <algorithm>
#include <array>

namespace carrick::config {

namespace {

enum class OptionKind { Text, Flag, Concurrency, Duration, Words, Url, Path, WriteMode };

struct OptionSpec {
    std::string_view name;
    OptionKind kind;
    std::string_view required_as = {};  ///< what is expected there; empty: may be left out
};

constexpr OptionSpec kAmazonOptions[] = {
    {"seller_id", OptionKind::Text, "the seller id (merchant token)"},
    {"base_url", OptionKind::Url},
    {"token_url", OptionKind::Url},
    {"ca_file", OptionKind::Path},
};

constexpr OptionSpec kNetSuiteOptions[] = {
    {"account", OptionKind::Text, "the account id, such as 1234567_SB1"},
    {"concurrency", OptionKind::Concurrency},
    {"scopes", OptionKind::Words},
    {"write_mode", OptionKind::WriteMode},
    {"order_field", OptionKind::Text},
    {"bound_parameters", OptionKind::Flag},
    {"base_url", OptionKind::Url},
    {"token_url", OptionKind::Url},
    {"ca_file", OptionKind::Path},
    {"read_timeout", OptionKind::Duration},
    {"write_timeout", OptionKind::Duration},
};

constexpr KeySpec kAmazonAuth[] = {{"client_id"}, {"client_secret"}, {"refresh_token"}};
constexpr KeySpec kNetSuiteOauth2[] = {
    {"method"}, {"client_id"}, {"certificate_id"}, {"private_key"}, {"algorithm"}};
constexpr KeySpec kNetSuiteTba[] = {
    {"method"}, {"consumer_key"}, {"consumer_secret"}, {"token_id"}, {"token_secret"}};

bool matches_all(std::string_view text, bool (*allowed)(char)) {
    return std::all_of(text.begin(), text.end(), allowed);
}
bool is_id_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool is_account_character(char c) {
    return is_id_character(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
}

/// Credentials go over this address: in the clear only inside this machine.
bool is_safe_url(std::string_view url) {
    if (url.starts_with("https://")) return url.size() > 8;
    if (!url.starts_with("http://")) return false;
    const std::string_view rest = url.substr(7);
    const std::string_view host =
        rest.substr(0, rest.find_first_of(":/", rest.starts_with("[") ? rest.find(']') : 0));
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]" ||
           host.starts_with("127.");
}

class ConnectionReader {
public:
    ConnectionReader(const NodeEntry& entry, Reading& reading)
        : entry_(entry), reading_(reading), key_("connections." + entry.key) {}

    void read() {
        connection_.name = entry_.key;
        connection_.mark = entry_.mark;
        check_name(entry_, key_, reading_.problems);
        // Which keys may stand here depends on the connector, so it is read first.
        const NodeEntry* connector =
            entry_.value.is_map() ? entry_.value.find("connector") : nullptr;
        const bool is_netsuite = connector != nullptr && connector->value.text == "netsuite";
        connection_.connector = is_netsuite ? ConnectorKind::NetSuite : ConnectorKind::Amazon;
        const std::span<const OptionSpec> options =
            is_netsuite ? std::span<const OptionSpec>(kNetSuiteOptions)
                        : std::span<const OptionSpec>(kAmazonOptions);
        std::vector<KeySpec> keys{{"id"},   {"connector"}, {"mode"},
                                  {"auth"}, {"settings"},  {"marketplaces"}};
        if (is_netsuite)
            keys.push_back({"time_zone", false});
        else
            keys.insert(keys.end(), {{"region"}, {"notifications", false}});
        for (const OptionSpec& option : options) keys.push_back({option.name});

        Section section(entry_.value, key_, keys, reading_.problems);
        if (section.require("connector", "amazon or netsuite"))
            (void)section.choice("connector", {"amazon", "netsuite"});
        read_id(section);
        if (section.choice("mode", {"shadow", "live"}) == "live") connection_.mode = Mode::Live;
        connection_.options = Json::object();
        if (!is_netsuite && section.require("region", "na, eu or fe"))
            if (const auto region = section.choice("region", {"na", "eu", "fe"}))
                connection_.options.set("region", Json(*region));
        for (const OptionSpec& option : options) read_option(section, option);
        read_auth(section, is_netsuite);
        read_settings(section);
        reading_.config.connections.insert_or_assign(connection_.name, std::move(connection_));
    }

private:
    void report(Section& section, std::string_view name, std::string code, std::string message) {
        reading_.problems.add(section.mark_of(name), section.key_of(name), std::move(code),
                              std::move(message));
    }

    void read_id(Section& section) {
        if (!section.require("id",
                             "2 to 8 capital letters and digits, such as NA1; it goes into "
                             "external ids and never changes"))
            return;
        const std::optional<std::string> id = section.text("id");
        if (!id) return;
        if (id->size() < 2 || id->size() > 8 || !matches_all(*id, is_id_character))
            return section.wrong("id", *section.value("id"), "2 to 8 capital letters and digits");
        for (const auto& [name, other] : reading_.config.connections)
            if (other.id == *id)
                report(section, "id", "config.duplicate_id",
                       "the id " + *id + " is also that of connection " + name +
                           "; each connection needs its own");
        connection_.id = *id;
    }

    void read_option(Section& section, const OptionSpec& option) {
        const std::string_view name = option.name;
        if (!option.required_as.empty() && !section.require(name, option.required_as)) return;
        if (!section.has(name)) return;
        Json value;
        switch (option.kind) {
            case OptionKind::Flag:
                if (const auto flag = section.flag(name)) value = Json(*flag);
                break;
            case OptionKind::Concurrency:
                if (const auto count = section.count(name, 1, 1000)) value = Json(*count);
                break;
            case OptionKind::Duration:
                if (const auto span = section.duration(name))
                    value = Json(std::int64_t{span->count()});
                break;
            case OptionKind::Words:
                value = Json::array();
                for (const NamedMark& word : section.words(name)) value.push_back(word.text);
                break;
            case OptionKind::Url: value = url(section, name); break;
            case OptionKind::Path:
                if (const auto path = section.text(name)) value = Json(reading_.beside(*path));
                break;
            case OptionKind::WriteMode:
                if (const auto mode = section.choice(name, {"single", "batch", "auto"}))
                    value = Json(*mode);
                break;
            case OptionKind::Text: value = text_option(section, name); break;
        }
        if (!value.is_null()) connection_.options.set(name, std::move(value));
    }

    Json url(Section& section, std::string_view name) {
        const std::optional<std::string> text = section.text(name);
        if (text && !is_safe_url(*text))
            section.wrong(name, *section.value(name),
                          "an address that begins with https:// (http:// only for this machine)");
        return text ? Json(*text) : Json();
    }

    Json text_option(Section& section, std::string_view name) {
        const std::optional<std::string> text = section.text(name);
        if (text && (name == "account" || name == "seller_id") &&
            !matches_all(*text, is_account_character))
            section.wrong(name, *section.value(name), "letters, digits, _ and -");
        return text ? Json(*text) : Json();
    }

    void read_auth(Section& section, bool is_netsuite) {
        if (!section.require("auth", "the credentials")) return;
        const Node* node = section.map("auth");
        if (node == nullptr) return;
        // Which keys may stand here depends on the method.
        const NodeEntry* method = is_netsuite ? node->find("method") : nullptr;
        const bool is_tba = method != nullptr && method->value.text == "tba";
        const std::span<const KeySpec> keys = is_tba        ? std::span<const KeySpec>(kNetSuiteTba)
                                              : is_netsuite ? std::span(kNetSuiteOauth2)
                                                            : std::span<const KeySpec>(kAmazonAuth);
        Section auth(*node, section.key_of("auth"), keys, reading_.problems);
        for (const KeySpec& key : keys) {
            const bool optional = key.name == "method" || key.name == "algorithm";
            if (!optional && !auth.require(key.name, "a text or ${secret:NAME}")) continue;
            std::optional<std::string> value =
                key.name == "method"      ? auth.choice("method", {"oauth2", "tba"})
                : key.name == "algorithm" ? auth.choice("algorithm", {"PS256", "ES256"})
                                          : auth.text(key.name);
            if (value)
                connection_.auth.insert_or_assign(std::string(key.name), Secret(std::move(*value)));
        }
    }

    void read_settings(Section& section) {
        connection_.settings = Json::object();
        connection_.marketplaces = Json::object();
        if (const Node* settings = section.map("settings"))
            connection_.settings = read_level(*settings, key_ + ".settings", reading_.config);
        if (const Node* markets = section.map("marketplaces")) {
            const std::string key = key_ + ".marketplaces";
            const Node normalised = by_marketplace(*markets, key, reading_);
            connection_.marketplaces = read_level(normalised, key, reading_.config);
            const std::string region = connection_.options["region"].text();
            for (const NodeEntry& market : normalised.entries)
                if (!region.empty() && !region_of(market.key).empty() &&
                    region_of(market.key) != region)
                    reading_.problems.add(market.mark, join_key(key, market.key), "config.region",
                                          market.key + " is not in region " + region +
                                              " of this connection, but in " +
                                              std::string(region_of(market.key)));
        }
    }

    const NodeEntry& entry_;
    Reading& reading_;
    std::string key_;
    ConnectionConfig connection_;
};

/// One seller is one connection: two would import every order twice.
void check_sellers(const std::vector<std::string>& in_file_order, Reading& reading) {
    std::map<std::pair<std::string, std::string>, std::string> seen;
    for (const std::string& name : in_file_order) {
        const ConnectionConfig& connection = reading.config.connections.at(name);
        const std::string& seller = connection.options["seller_id"].text();
        if (connection.connector != ConnectorKind::Amazon || seller.empty()) continue;
        const auto [first, fresh] =
            seen.emplace(std::make_pair(seller, connection.options["region"].text()), name);
        if (!fresh)
            reading.problems.add(connection.mark, "connections." + name + ".seller_id",
                                 "config.seller_twice",
                                 "the same seller and region as connection " + first->second +
                                     "; one seller is one connection");
    }
}

}  // namespace

void read_connections(const Node& node, Reading& reading) {
    if (!node.is_map()) {
        reading.problems.add(node.mark, "connections", "config.type",
                             "expected a map of connections by name, found " + node.found());
        return;
    }
    std::vector<std::string> in_file_order;
    for (const NodeEntry& entry : node.entries) {
        ConnectionReader(entry, reading).read();
        in_file_order.push_back(entry.key);
    }
    check_sellers(in_file_order, reading);
}

}  // namespace carrick::config
