import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useEffect, useExternalListener, useState } from "@odoo/owl";

const NOTIFICATION = "crm_claims.presence";
const TOLD_EVERY = 30000;
const FORGOTTEN_AFTER = 70000;
const WRITING_FOR = 15000;
const EDITORS = ".o-mail-Composer, .o_mail_composer_form";

/** Who else has the same claim or ticket open, and who writes. */
export class ServicePresence extends Component {
    static template = "crm_claims.ServicePresence";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.others = useState({});
        this.state = "looking";
        this.onNotification = this.onNotification.bind(this);
        useEffect(
            (id) => (id ? this.enter() : undefined),
            () => [this.props.record.resId]
        );
        useExternalListener(document, "input", this.onInput);
        useExternalListener(window, "pagehide", () => this.tell("gone"));
    }

    get names() {
        const list = (state) =>
            Object.values(this.others)
                .filter((other) => (other.state === "writing") === (state === "writing"))
                .map((other) => other.name)
                .join(", ");
        return { writing: list("writing"), looking: list("looking") };
    }

    get writingText() {
        return _t("Writing an answer: %s", this.names.writing);
    }

    get lookingText() {
        return _t("Also here: %s", this.names.looking);
    }

    enter() {
        const { resModel, resId } = this.props.record;
        this.case = { model: resModel, id: resId };
        const channel = `${NOTIFICATION}:${resModel}:${resId}`;
        this.bus.addChannel(channel);
        this.bus.subscribe(NOTIFICATION, this.onNotification);
        this.tell("came");
        const ticking = browser.setInterval(() => this.tick(), TOLD_EVERY);
        return () => {
            browser.clearInterval(ticking);
            browser.clearTimeout(this.pausing);
            this.tell("gone");
            this.bus.unsubscribe(NOTIFICATION, this.onNotification);
            this.bus.deleteChannel(channel);
            this.state = "looking";
            Object.keys(this.others).forEach((id) => delete this.others[id]);
        };
    }

    tell(state) {
        if (this.case) {
            const { model, id } = this.case;
            this.orm.silent.call(model, "action_tell_presence", [[id], state]).catch(() => {});
        }
    }

    tick() {
        this.tell(this.state);
        const oldest = Date.now() - FORGOTTEN_AFTER;
        for (const [id, other] of Object.entries(this.others)) {
            if (other.at < oldest) {
                delete this.others[id];
            }
        }
    }

    onInput(ev) {
        if (!ev.target.closest?.(EDITORS)) {
            return;
        }
        browser.clearTimeout(this.pausing);
        this.pausing = browser.setTimeout(() => this.become("looking"), WRITING_FOR);
        this.become("writing");
    }

    become(state) {
        if (this.state !== state) {
            this.state = state;
            this.tell(state);
        }
    }

    onNotification({ model, id, user_id, name, state }) {
        if (model !== this.case.model || id !== this.case.id || user_id === user.userId) {
            return;
        }
        if (state === "gone") {
            delete this.others[user_id];
            return;
        }
        this.others[user_id] = { name, state, at: Date.now() };
        if (state === "came") {
            this.tell(this.state);
        }
    }
}

registry.category("view_widgets").add("service_presence", { component: ServicePresence });
