import { session } from "@web/session";
import { patch } from "@web/core/utils/patch";
import { PhoneField } from "@web/views/fields/phone/phone_field";

/** The address that calls a number as the company's settings say, null where they say nothing. */
export function getDialAddress(number) {
    const address = session.crm_dial_address;
    if (!address) {
        return null;
    }
    // a plus means a space in the query of a web address
    const encode = /^https?:/.test(address) ? encodeURIComponent : (text) => text;
    return address
        .replaceAll("{number}", encode(number.replace(/[^\d+*#]/g, "")))
        .replaceAll("{extension}", encode(session.crm_dial_extension || ""));
}

/** Calls as the company's settings say: a phone program, or an address of the telephone system. */
patch(PhoneField.prototype, {
    get phoneHref() {
        return getDialAddress(this.props.record.data[this.props.name]) || super.phoneHref;
    },
});
