// SPDX-License-Identifier: Apache-2.0
// Reading and writing the ABI's structs from C++: spans, members that a shorter struct_size does
// not cover, and arrays whose elements may be longer than this header knows.
#pragma once

#include <carrick/abi/carrick_plugin.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace carrick::sdk {

[[nodiscard]] inline carrick_span to_span(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
/// A null pointer reads as empty text whatever its length says.
[[nodiscard]] inline std::string_view to_view(carrick_span span) noexcept {
    return span.data == nullptr ? std::string_view() : std::string_view(span.data, span.length);
}

/// True when `object`, as long as its struct_size says, holds the whole member.
template <class Struct, class Member>
[[nodiscard]] bool covers(const Struct& object, Member Struct::*member) noexcept {
    const auto* begin = reinterpret_cast<const std::byte*>(&object);
    const auto* end = reinterpret_cast<const std::byte*>(&(object.*member) + 1);
    return object.struct_size >= static_cast<std::size_t>(end - begin);
}

/// A copy in which every member that `object` is too short for is zero. Name all members but
/// struct_size.
template <class Struct, class... Members>
[[nodiscard]] Struct covered_copy(const Struct& object, Members Struct::*... members) noexcept {
    Struct copy{};
    copy.struct_size = object.struct_size;
    ((covers(object, members) ? void(copy.*members = object.*members) : void()), ...);
    return copy;
}

/// Calls `read` with the struct, or with a covered_copy where it is shorter than this header's.
template <class Struct, class Read, class... Members>
void read_struct(const Struct& object, Read&& read, Members Struct::*... members) {
    if (object.struct_size >= sizeof(Struct))
        read(object);
    else
        read(covered_copy(object, members...));
}

/// Element `index` of an array from the other side of the boundary.
template <class Struct>
[[nodiscard]] const Struct& element_at(const Struct* array, std::uint64_t index) noexcept {
    return *reinterpret_cast<const Struct*>(reinterpret_cast<const std::byte*>(array) +
                                            index * array->struct_size);
}

/// A page of the host's structs, read as `View`s. Lives as long as the call it came with.
template <class View, class Struct>
class Page {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = View;
        using difference_type = std::ptrdiff_t;
        using pointer = const View*;
        using reference = View;

        iterator() = default;
        iterator(const Page* page, std::size_t index) : page_(page), index_(index) {}
        View operator*() const { return (*page_)[index_]; }
        iterator& operator++() {
            ++index_;
            return *this;
        }
        iterator operator++(int) {
            iterator before = *this;
            ++index_;
            return before;
        }
        bool operator==(const iterator& other) const { return index_ == other.index_; }

    private:
        const Page* page_ = nullptr;
        std::size_t index_ = 0;
    };

    Page() = default;
    Page(const Struct* items, std::uint64_t count) : items_(items), count_(count) {}

    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] View operator[](std::size_t index) const {
        return View(element_at(items_, index), static_cast<std::uint32_t>(index));
    }
    [[nodiscard]] iterator begin() const { return {this, 0}; }
    [[nodiscard]] iterator end() const { return {this, count_}; }

private:
    const Struct* items_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace carrick::sdk
