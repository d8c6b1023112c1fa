// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "platform/wireshark.hpp"

namespace seamark::fields {

/// libwireshark's handle of a field, which is of one type: what adds items (items.hpp) takes the
/// type that it adds, and what registers it takes its type from here.
template <ftenum kType>
struct Field {
    int id = ws::kUnregistered;
};
using Number = Field<FT_UINT32>;
using Number64 = Field<FT_UINT64>;
using Signed = Field<FT_INT32>;
using Text = Field<FT_STRING>;
using Bytes = Field<FT_BYTES>;
using Truth = Field<FT_BOOLEAN>;
using FrameLink = Field<FT_FRAMENUM>;
using Time = Field<FT_RELATIVE_TIME>;

/// A field as libwireshark registers it. label: no two fields of the plugin share one, so that a
/// column or a line of a tree says what it is. name: "seamark." and the variable's, with a dot
/// where that has an underscore, or an underscore.
template <ftenum kType>
hf_register_info row(Field<kType>& field, const char* label, const char* name, const char* text) {
    constexpr bool kInteger = kType == FT_UINT32 || kType == FT_UINT64 || kType == FT_INT32;
    return {&field.id,
            {label, name, kType, kInteger ? BASE_DEC : BASE_NONE, nullptr, 0, text, HFILL}};
}

/// A unit; libwireshark's structure points at characters that are not constant up to 4.2.
class Unit {
  public:
    constexpr Unit(const char* one, const char* several)
        : unit_{const_cast<char*>(one), const_cast<char*>(several)} {}
    const unit_name_string* get() const { return &unit_; }

  private:
    unit_name_string unit_;
};
inline constexpr Unit kBytes{" byte", " bytes"};
inline constexpr Unit kPackets{" packet", " packets"};
inline constexpr Unit kMicroseconds{" \xc2\xb5s", " \xc2\xb5s"};

/// A number with a unit, or with words for some of its values: libwireshark keeps both in the same
/// pointer.
template <ftenum kType>
hf_register_info row(Field<kType>& field, const char* label, const char* name, const char* text,
                     const Unit& unit) {
    hf_register_info info = row(field, label, name, text);
    info.hfinfo.display |= BASE_UNIT_STRING;
    info.hfinfo.strings = unit.get();
    return info;
}
inline hf_register_info row(Number& field, const char* label, const char* name, const char* text,
                            const value_string* special) {
    hf_register_info info = row(field, label, name, text);
    info.hfinfo.display |= BASE_SPECIAL_VALS;
    info.hfinfo.strings = special;
    return info;
}

/// A link to a frame that stands in a relation to this one, which Wireshark draws.
inline hf_register_info row(FrameLink& field, const char* label, const char* name, const char* text,
                            ft_framenum_type_t relation) {
    hf_register_info info = row(field, label, name, text);
    info.hfinfo.strings = GINT_TO_POINTER(relation);
    return info;
}

}  // namespace seamark::fields
