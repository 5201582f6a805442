// SPDX-License-Identifier: Apache-2.0
#include "core/config/yaml_json.hpp"

namespace carrick::config {

namespace {

/// Whether a plain scalar is a JSON number: `-12.50`, `5`, `1e3`; not `+5`, `.5`, `1_000`.
bool is_number_token(std::string_view text) {
    const bool starts = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
    if (!starts || text.size() > 100) return false;
    const Result<Json> parsed = Json::parse(text);
    return parsed.ok() && parsed->is_number();
}

/// Keys with a slash or a tilde, as JSON pointers write them.
std::string pointer_step(const std::string& key) {
    std::string step = "/";
    for (const char c : key) {
        if (c == '~')
            step += "~0";
        else if (c == '/')
            step += "~1";
        else
            step += c;
    }
    return step;
}

class Marker {
public:
    explicit Marker(std::string file) : file_(std::move(file)) {}

    Json read(const Node& node, const std::string& pointer, const Mark& mark) {
        marks_.emplace_back(
            pointer, file_ + ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column));
        switch (node.kind) {
            case Node::Kind::Null: return {};
            case Node::Kind::Scalar: return scalar_value(node);
            case Node::Kind::List: {
                Json list = Json::array();
                std::size_t number = 0;
                for (const Node& item : node.items)
                    list.push_back(read(item, pointer + "/" + std::to_string(number++), item.mark));
                return list;
            }
            case Node::Kind::Map: break;
        }
        Json map = Json::object();
        for (const NodeEntry& entry : node.entries)
            map.members_if()->push_back(
                {entry.key, read(entry.value, pointer + pointer_step(entry.key), entry.mark)});
        return map;
    }

    Json marks() {
        Json json = Json::object();
        for (auto& [pointer, place] : marks_)
            json.members_if()->push_back({std::move(pointer), Json(std::move(place))});
        return json;
    }

private:
    std::string file_;
    std::vector<std::pair<std::string, std::string>> marks_;
};

}  // namespace

Json scalar_value(const Node& node) {
    if (node.quoted) return Json(node.text);
    if (node.text == "true") return Json(true);
    if (node.text == "false") return Json(false);
    return is_number_token(node.text) ? Json::number_token(node.text) : Json(node.text);
}

Result<Json> yaml_with_marks(const std::string& file, const std::string& text) {
    Problems problems(file);
    const std::optional<Node> document = read_yaml(text, problems);
    if (problems.count() > 0 || !document) {
        std::string all;
        for (const Problem& problem : problems.take())
            all += (all.empty() ? "" : "\n") + problem.text();
        return misconfigured("config.yaml", all.empty() ? file + ": is empty" : all);
    }
    Marker marker(file);
    Json value = marker.read(*document, {}, document->mark);
    return Json::object(
        {{"file", Json(file)}, {"value", std::move(value)}, {"marks", marker.marks()}});
}

}  // namespace carrick::config
