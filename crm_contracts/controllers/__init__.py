from . import portal, portal_notice, portal_offer
