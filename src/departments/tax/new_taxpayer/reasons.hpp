#pragma once

#include "kernel/result/result.hpp"

namespace onewindow::departments::tax::new_taxpayer::reasons {

inline constexpr Reason kTaxpayerNumber{"new_taxpayer.number_differs", Kind::kRefused, "税收征收管理法 15"};
inline constexpr Reason kTaxTypes{"new_taxpayer.tax_types", Kind::kRefused, "税收征收管理法 15"};
inline constexpr Reason kInvoiceMode{"new_taxpayer.invoice_mode_differs", Kind::kRefused, "发票管理办法 15"};
inline constexpr Reason kInvoiceGrant{"new_taxpayer.invoice_grant", Kind::kRefused, "发票管理办法 15"};
inline constexpr Reason kDeviceSerial{"new_taxpayer.device_serial", Kind::kRefused, "税收征收管理法 23"};

}  // namespace onewindow::departments::tax::new_taxpayer::reasons
