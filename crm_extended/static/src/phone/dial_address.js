import { session } from "@web/session";
import { patch } from "@web/core/utils/patch";
import { PhoneField } from "@web/views/fields/phone/phone_field";

/** Calls as the company's settings say: a phone program, or an address of the telephone system. */
patch(PhoneField.prototype, {
    get phoneHref() {
        const address = session.crm_dial_address;
        if (!address) {
            return super.phoneHref;
        }
        const number = this.props.record.data[this.props.name].replace(/[^\d+*#]/g, "");
        // a plus means a space in the query of a web address
        const encode = /^https?:/.test(address) ? encodeURIComponent : (text) => text;
        return address
            .replaceAll("{number}", encode(number))
            .replaceAll("{extension}", encode(session.crm_dial_extension || ""));
    },
});
